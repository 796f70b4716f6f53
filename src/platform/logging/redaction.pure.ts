const HIDDEN = '[Redacted]';

/** Fields whose text is a secret, in whatever object and depth they stand. */
const SECRET_FIELDS = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-goog-api-key',
  'api[_-]?key',
  'access[_-]?key',
  'secret[_-]?access[_-]?key',
  'private[_-]?key',
  'client[_-]?secret',
  'secret',
  'password',
  'passphrase',
  'connection[_-]?string',
  'service[_-]?account[_-]?json',
  'kubeconfig',
  '(?:access[_-]?|refresh[_-]?|session[_-]?|id[_-]?)?token',
].join('|');

const TEXT = String.raw`"(?:[^"\\]|\\.)*"`;

// Each pattern scans its line once, without nested choices, and never takes a quote with it:
// what was JSON before is JSON after.
const rules: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`("(?:${SECRET_FIELDS})":)(?:${TEXT}|\\[(?:${TEXT},?)*\\])`, 'gi'), `$1"${HIDDEN}"`],
  // The same inside a string that holds JSON, such as an upstream's reply in an error message.
  [new RegExp(String.raw`(\\"(?:${SECRET_FIELDS})\\":\s*\\")[^"\\]*`, 'gi'), `$1${HIDDEN}`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${HIDDEN}`],
  [/\b(oco_(?:live|admin|operator|viewer)_)[\w-]{4,}/g, `$1${HIDDEN}`],
  [/\b(sk-)[\w-]{8,}/g, `$1${HIDDEN}`],
  [/\b(AIza|AKIA|ASIA|gh[opsu]_|xox[bp]-)[\w-]{12,}/g, `$1${HIDDEN}`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, HIDDEN],
  [/(-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----)[^"-]+/g, `$1${HIDDEN}`],
  [/([?&](?:key|api_?key|access_token|token|sig|signature|password|code)=)[^&\s"'\\#]+/gi, `$1${HIDDEN}`],
  [/(:\/\/[^\s:/@"]*:)[^\s@/"]+@/g, `$1${HIDDEN}@`],
];

/**
 * Hides what looks like a credential, in a JSON line or in plain text.
 * The last thing before a line leaves the process, so that no logger, library or error object can go past it.
 */
export function redact(text: string): string {
  let result = text;
  for (const [pattern, replacement] of rules) result = result.replace(pattern, replacement);
  return result;
}
