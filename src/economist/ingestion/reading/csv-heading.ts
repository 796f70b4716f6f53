import { AppError } from '../../../platform/errors/app-error.js';
import { economistErrors } from '../../economist.errors.js';
import { Cell } from './cell.js';
import { CsvTokenizer } from './csv-tokenizer.js';
import { LONGEST_RECORD, MOST_COLUMNS } from './limits.js';
import { RecordBatch } from './record-batch.js';

const SEPARATORS = [',', ';', '\t', '|'] as const;
const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

export interface CsvHeading {
  readonly headings: readonly string[];
  /** Its byte. */
  readonly separator: number;
  /** Bytes that the heading takes, its line end included. */
  readonly length: number;
  /** Of the first record. */
  readonly line: number;
}

/** Reads the heading at the start of a file; null: more bytes are needed. */
export function readHeading(bytes: Buffer, isLast: boolean): CsvHeading | null {
  const separator = separatorOf(bytes);
  const tokenizer = new CsvTokenizer(separator);
  // One more than allowed, so that too many can be told from just enough.
  const batch = new RecordBatch(MOST_COLUMNS + 1, 1);
  // Copied, for reading it changes cells with quotes in place.
  const length = tokenizer.read(Buffer.from(bytes), bytes.length, isLast, batch);
  if (batch.records === 0) {
    if (isLast) throw new AppError(economistErrors.fileUnreadable, 'The file is empty: it lacks even a heading.');
    if (bytes.length > LONGEST_RECORD) throw outOfBounds(`The heading is longer than ${LONGEST_RECORD} bytes.`);
    return null;
  }
  const cell = new Cell();
  const count = cellsOf(batch);
  if (count > MOST_COLUMNS) throw outOfBounds(`The file has more than ${MOST_COLUMNS} columns.`);
  const headings = Array.from({ length: count }, (_, column) => {
    batch.place(cell, 0, column);
    return cell.text().trim();
  });
  return { headings, separator, length, line: tokenizer.line };
}

const outOfBounds = (fact: string): AppError =>
  new AppError(economistErrors.fileOutOfBounds, `${fact} No cost report is like that; check that it is one.`);

/** Cells of the only record: those behind its last one were never set. */
function cellsOf(batch: RecordBatch): number {
  let count = batch.columns;
  while (count > 1 && (batch.ends[count - 1] ?? 0) === 0) count -= 1;
  return count;
}

/** The one that stands most often in the first line, outside of quotes. */
function separatorOf(bytes: Buffer): number {
  const counts = new Map<number, number>(SEPARATORS.map((separator) => [separator.charCodeAt(0), 0]));
  let isQuoted = false;
  let hasBegun = false;
  for (const byte of bytes) {
    if (byte === QUOTE) isQuoted = !isQuoted;
    const isLineEnd = byte === LF || byte === CR;
    if (isLineEnd && !isQuoted && hasBegun) break;
    hasBegun ||= !isLineEnd;
    if (!isQuoted && counts.has(byte)) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  }
  const [separator] = [...counts].reduce((most, next) => (next[1] > most[1] ? next : most));
  return separator;
}
