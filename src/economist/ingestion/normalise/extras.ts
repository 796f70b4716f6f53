import { OWN_COLUMNS } from '../reading/api-rows.js';
import type { Cell } from '../reading/cell.js';
import type { RecordBatch } from '../reading/record-batch.js';
import type { CopyRows } from './copy-rows.js';
import { decode } from './encoding.js';

/** Columns of their own beyond these are not kept: the widest report of a provider has fewer. */
export const MOST_OWN_COLUMNS = 400;
/** Bytes of one row's extras; values that would go beyond are left out. */
const LARGEST_EXTRAS = 64 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const FIRST_PRINTABLE = 0x20;
/** `\u00XX` */
const LONGEST_ESCAPE = 6;

export interface OwnColumn {
  readonly heading: string;
  readonly column: number;
}

/** What a value was that its own column could not hold. */
export interface KeptApart {
  readonly heading: string;
  readonly text: string;
}

/** Writes what FOCUS has no column for as one JSON object: the file's headings, and their values as text. */
export class Extras {
  readonly #columns: readonly { readonly column: number; readonly key: Buffer }[];
  /** The column that holds all own values of an API's row; -1 where there is none. */
  readonly #object: number;

  constructor(own: readonly OwnColumn[]) {
    const columns = own.filter(({ heading }) => heading !== OWN_COLUMNS).slice(0, MOST_OWN_COLUMNS);
    this.#columns = columns.map(({ heading, column }) => ({ column, key: keyOf(heading) }));
    this.#object = own.find(({ heading }) => heading === OWN_COLUMNS)?.column ?? -1;
  }

  put(batch: RecordBatch, record: number, cell: Cell, kept: readonly KeptApart[], rows: CopyRows): void {
    const lengthAt = rows.at;
    rows.reserve(7);
    rows.putLength(0);
    rows.bytes[rows.at] = 1;
    rows.bytes[rows.at + 1] = OPEN;
    rows.at += 2;
    const start = rows.at;
    if (this.#object >= 0) {
      batch.place(cell, record, this.#object);
      if (!cell.isAbsent) members(rows, cell);
    }
    for (const { column, key } of this.#columns) {
      batch.place(cell, record, column);
      if (cell.isAbsent) continue;
      if (cell.marks === 0) entry(rows, start, key, cell.bytes, cell.start, cell.end);
      else textEntry(rows, start, key, decode(cell.bytes.subarray(cell.start, cell.end)).text);
    }
    for (const { heading, text } of kept) textEntry(rows, start, keyOf(heading), text);
    rows.reserve(1);
    rows.bytes[rows.at] = CLOSE;
    rows.at += 1;
    rows.bytes.writeInt32BE(rows.at - lengthAt - 4, lengthAt);
  }
}

/** Ready to be written: `"heading":"`. */
const keyOf = (heading: string): Buffer =>
  Buffer.from(`${JSON.stringify(heading.toWellFormed().replaceAll('\0', ''))}:"`);

/** What stands between the braces of an object. */
function members(rows: CopyRows, { bytes, start, end }: Cell): void {
  if (end - start > LARGEST_EXTRAS) return;
  rows.reserve(end - start);
  rows.at += bytes.copy(rows.bytes, rows.at, start + 1, end - 1);
}

function textEntry(rows: CopyRows, start: number, key: Buffer, text: string): void {
  const bytes = Buffer.from(text.toWellFormed().replaceAll('\0', ''));
  entry(rows, start, key, bytes, 0, bytes.length);
}

function entry(rows: CopyRows, start: number, key: Buffer, source: Buffer, from: number, end: number): void {
  const isFirst = rows.at === start;
  if (rows.at - start + key.length + end - from > LARGEST_EXTRAS) return;
  rows.reserve(key.length + (end - from) * LONGEST_ESCAPE + 2);
  const { bytes } = rows;
  let to = rows.at;
  if (!isFirst) {
    bytes[to] = COMMA;
    to += 1;
  }
  to += key.copy(bytes, to);
  for (let at = from; at < end; at += 1) {
    const byte = source[at] ?? 0;
    if (byte >= FIRST_PRINTABLE && byte !== QUOTE && byte !== BACKSLASH) {
      bytes[to] = byte;
      to += 1;
    } else if (byte >= FIRST_PRINTABLE) {
      bytes[to] = BACKSLASH;
      bytes[to + 1] = byte;
      to += 2;
    } else to += bytes.write(`\\u${byte.toString(16).padStart(4, '0')}`, to, 'latin1');
  }
  bytes[to] = QUOTE;
  rows.at = to + 1;
}
