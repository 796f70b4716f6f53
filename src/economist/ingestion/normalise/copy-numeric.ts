import type { CopyRows } from './copy-rows.js';
import { MOST_DECIMALS, MOST_WHOLE_DIGITS } from './decimal.pure.js';

const ZERO = 0x30;
const MINUS = 0x2d;
const PLUS = 0x2b;
const NEGATIVE = 0x4000;

/** Of a `numeric` in PostgreSQL's binary form: four decimal digits each. */
const GROUP = 4;

/**
 * Writes a number as a `numeric`, digit by digit, so that no float ever holds it.
 * @param mark the byte of the decimal mark
 * @returns false, with nothing written, where the text is not digits with at most one mark between them and one sign
 */
export function putNumeric(rows: CopyRows, source: Buffer, start: number, end: number, mark: number): boolean {
  const sign = source[start];
  const from = sign === MINUS || sign === PLUS ? start + 1 : start;
  let markAt = end;
  for (let at = from; at < end; at += 1) {
    const byte = source[at] ?? 0;
    if (byte >= ZERO && byte <= ZERO + 9) continue;
    if (byte !== mark || markAt !== end) return false;
    markAt = at;
  }
  const whole = markAt - from;
  const decimals = Math.max(0, end - markAt - 1);
  if (whole + decimals === 0 || whole > MOST_WHOLE_DIGITS || decimals > MOST_DECIMALS) return false;

  const wholeGroups = Math.ceil(whole / GROUP);
  const groups = wholeGroups + Math.ceil(decimals / GROUP);
  rows.reserve(4 + 8 + groups * 2);
  rows.putLength(8 + groups * 2);
  const { bytes } = rows;
  let to = put16(bytes, rows.at, groups);
  to = put16(bytes, to, wholeGroups - 1);
  to = put16(bytes, to, sign === MINUS ? NEGATIVE : 0);
  to = put16(bytes, to, decimals);
  // Groups are counted from the mark: the first one may lack digits before it, the last one behind it.
  let group = 0;
  let missing = wholeGroups * GROUP - whole;
  for (let at = from; at < markAt; at += 1) {
    group = group * 10 + (source[at] ?? 0) - ZERO;
    missing += 1;
    if (missing % GROUP !== 0) continue;
    to = put16(bytes, to, group);
    group = 0;
  }
  let filled = 0;
  for (let at = markAt + 1; at < end; at += 1) {
    group = group * 10 + (source[at] ?? 0) - ZERO;
    filled += 1;
    if (filled % GROUP !== 0) continue;
    to = put16(bytes, to, group);
    group = 0;
  }
  if (filled % GROUP !== 0) to = put16(bytes, to, group * 10 ** (GROUP - (filled % GROUP)));
  rows.at = to;
  return true;
}

function put16(bytes: Buffer, at: number, value: number): number {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
  return at + 2;
}
