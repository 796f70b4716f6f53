import { fieldsOf } from '../providers/report-fields.pure.js';
import { decode, findMembers, skipSpace } from './json-scan.pure.js';
import { outermost } from './json-usage.pure.js';

const ERROR = Buffer.from('"error"');
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const QUOTE = 0x22;
const CLOSE_BRACKET = 0x5d;
const SPACE = 0x20;

/** Whether a reply or an event, whose status was fine, tells a failure, in the shape of any of the three APIs. */
export function tellsError(reply: unknown): boolean {
  const { type, error, response } = fieldsOf(reply);
  return type === 'error' || isTold(error) || isTold(fieldsOf(response)['error']);
}

const isTold = (error: unknown): boolean =>
  typeof error === 'string' ? error !== '' : typeof error === 'object' && error !== null;

/** Where bytes from `from` on may tell a failure; -1 where they do not. Responses that went well say `"error":null`. */
export function mentionOfError(bytes: Buffer, from = 0): number {
  for (let at = bytes.indexOf(ERROR, from); at !== -1; at = bytes.indexOf(ERROR, at + ERROR.length)) {
    const next = skipSpace(bytes, at + ERROR.length);
    if (bytes[next] !== COLON) return at;
    const value = bytes[skipSpace(bytes, next + 1)];
    if (value === OPEN_BRACE || value === QUOTE) return at;
  }
  return -1;
}

const NAMES: ReadonlySet<string> = new Set(['type', 'error']);

/** The same for the bytes of a whole reply that is a JSON object. */
export function isErrorReply(bytes: Buffer): boolean {
  if (mentionOfError(bytes) === -1) return false;
  return (findMembers(bytes, NAMES) ?? []).some(({ name, start, end }) =>
    tellsError({ [name]: decode(bytes.toString('utf8', start, end)) }),
  );
}

const errorOfLast = outermost('error');

/** The same for the end of a JSON array, of which the last element tells, or of an object in its place. */
export function endsInError(bytes: Buffer): boolean {
  const text = bytes.subarray(0, endOfText(bytes));
  return isTold(errorOfLast(text.at(-1) === CLOSE_BRACKET ? text.subarray(0, -1) : text));
}

function endOfText(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] ?? 0) <= SPACE) end--;
  return end;
}
