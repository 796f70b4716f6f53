// Finds its way through JSON as bytes, without making values of it: a body of 256 kB costs a tenth of JSON.parse.
// Structure is checked in full. What is inside of strings is not: that is for whoever decodes them.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Deeper nesting is refused as malformed; no API of ours comes near it. */
const MAX_DEPTH = 512;

/** Whether the container at each depth is an object. One for all: a scan is never interrupted by another. */
const objectAt = new Uint8Array(MAX_DEPTH + 1);

/** Most strings end within so many bytes; only then is a jump to the next quote cheaper than walking. */
const WALK = 48;

const MALFORMED = -1;

const LITERALS = ['true', 'false', 'null'] as const;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Longer numbers are no numbers that anyone means. */
const LONGEST_NUMBER = 400;

/** A member of the outermost object: `start` and `end` enclose its value. */
export interface Member {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export function skipSpace(json: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = json[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at++;
  }
}

/**
 * The members with these names, in order and as often as they stand there.
 *
 * @returns null when the text is not one JSON object
 */
export function findMembers(json: Buffer, names: Pick<ReadonlySet<string>, 'has'>): Member[] | null {
  const found: Member[] = [];
  let at = skipSpace(json, 0);
  if (json[at] !== OPEN_BRACE) return null;
  at = skipSpace(json, at + 1);
  if (json[at] === CLOSE_BRACE) return isEnd(json, at + 1) ? found : null;
  for (;;) {
    const nameStart = at;
    at = skipName(json, at);
    if (at === MALFORMED) return null;
    const name = decodeName(json, nameStart, at);
    if (name === null) return null;
    const start = skipSpace(json, at);
    const end = skipValue(json, start);
    if (end === MALFORMED) return null;
    if (names.has(name)) found.push({ name, start, end });
    at = skipSpace(json, end);
    if (json[at] === CLOSE_BRACE) return isEnd(json, at + 1) ? found : null;
    if (json[at] !== COMMA) return null;
    at = skipSpace(json, at + 1);
  }
}

/** @returns where the value that begins at `from` ends, or -1 when none does */
export function skipValue(json: Buffer, from: number): number {
  let at = from;
  let depth = 0;
  for (;;) {
    at = skipSpace(json, at);
    const byte = json[at];
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      const inObject = byte === OPEN_BRACE;
      at = skipSpace(json, at + 1);
      if (json[at] === (inObject ? CLOSE_BRACE : CLOSE_BRACKET)) {
        at++;
      } else {
        if (++depth > MAX_DEPTH) return MALFORMED;
        objectAt[depth] = inObject ? 1 : 0;
        if (inObject) at = skipName(json, at);
        if (at === MALFORMED) return MALFORMED;
        continue;
      }
    } else {
      at = byte === QUOTE ? skipString(json, at + 1) : skipScalar(json, at);
      if (at === MALFORMED) return MALFORMED;
    }
    // A value has ended: so may the containers that it is the last one of.
    for (;;) {
      if (depth === 0) return at;
      at = skipSpace(json, at);
      const inObject = objectAt[depth] === 1;
      if (json[at] === COMMA) {
        at = inObject ? skipName(json, skipSpace(json, at + 1)) : at + 1;
        if (at === MALFORMED) return MALFORMED;
        break;
      }
      if (json[at] !== (inObject ? CLOSE_BRACE : CLOSE_BRACKET)) return MALFORMED;
      depth--;
      at++;
    }
  }
}

/** @returns what follows the name's colon */
function skipName(json: Buffer, at: number): number {
  if (json[at] !== QUOTE) return MALFORMED;
  const end = skipString(json, at + 1);
  if (end === MALFORMED) return MALFORMED;
  const colon = skipSpace(json, end);
  return json[colon] === COLON ? colon + 1 : MALFORMED;
}

/** @param from the byte after the opening quote */
function skipString(json: Buffer, from: number): number {
  let at = from;
  let walked = 0;
  while (at < json.length) {
    const byte = json[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at++;
    at++;
    if (++walked < WALK) continue;
    walked = 0;
    const quote = json.indexOf(QUOTE, at);
    if (quote === -1) return MALFORMED;
    at = startOfBackslashes(json, quote, at);
  }
  return MALFORMED;
}

/** Where the run of backslashes before `end` begins: whether they come in pairs decides if a quote ends the string. */
function startOfBackslashes(json: Buffer, end: number, from: number): number {
  let at = end;
  while (at > from && json[at - 1] === BACKSLASH) at--;
  return at;
}

function skipScalar(json: Buffer, at: number): number {
  for (const literal of LITERALS) {
    if (json.toString('latin1', at, at + literal.length) === literal) return at + literal.length;
  }
  let end = at;
  while (isNumberByte(json[end]) && end - at <= LONGEST_NUMBER) end++;
  return NUMBER.test(json.toString('latin1', at, end)) ? end : MALFORMED;
}

const isNumberByte = (byte: number | undefined): boolean =>
  byte !== undefined &&
  ((byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2b || byte === 0x2e || (byte | 0x20) === 0x65);

const isEnd = (json: Buffer, at: number): boolean => skipSpace(json, at) === json.length;

/** @returns null when the name holds an escape that JSON does not have */
function decodeName(json: Buffer, start: number, afterColon: number): string | null {
  const quoted = json.toString('utf8', start, json.lastIndexOf(QUOTE, afterColon - 1) + 1);
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  const name = decode(quoted);
  return typeof name === 'string' ? name : null;
}

/** @returns undefined for what is not JSON */
export function decode(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
