// Looks members up in JSON as bytes, without making values of it: a body of 256 kB costs a tenth of JSON.parse.

import { MALFORMED, skipBlank, skipName, skipValue } from './json-text.pure.js';

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
  const text = json.toString('latin1');
  let at = skipBlank(text, 0);
  if (text[at] !== '{') return null;
  at = skipBlank(text, at + 1);
  if (text[at] === '}') return isEnd(text, at + 1) ? found : null;
  for (;;) {
    const nameStart = at;
    at = skipName(text, at);
    if (at === MALFORMED) return null;
    const name = decodeName(json, nameStart, text.lastIndexOf('"', at - 1) + 1);
    if (name === null) return null;
    const start = skipBlank(text, at);
    const end = skipValue(text, start);
    if (end === MALFORMED) return null;
    if (names.has(name)) found.push({ name, start, end });
    at = skipBlank(text, end);
    if (text[at] === '}') return isEnd(text, at + 1) ? found : null;
    if (text[at] !== ',') return null;
    at = skipBlank(text, at + 1);
  }
}

const isEnd = (text: string, at: number): boolean => skipBlank(text, at) === text.length;

/** @returns null when the name holds an escape that JSON does not have */
function decodeName(json: Buffer, start: number, end: number): string | null {
  const quoted = json.toString('utf8', start, end);
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
