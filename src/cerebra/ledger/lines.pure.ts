import { fromFirstFormat } from './row.pure.js';

// The spool's lines: one letter, a tab, and a row of the ledger in COPY's text format.
//   J  intent: the row that the call gets if nothing more is ever heard of it
//   S  the row of a call that has ended
//   I, R  the same, from before rows had all of today's columns

const NEWLINE = 0x0a;
const TAB = 0x09;
const INTENT = 0x4a;
const ROW = 0x53;
const FIRST_INTENT = 0x49;
const FIRST_ROW = 0x52;
const PREFIX_BYTES = 2;
/** A UUID in its text form: the first column. */
const ID_BYTES = 36;

/** Damaged: what a power cut left of a line. */
export type LineKind = 'intent' | 'row' | 'damaged';

export const intentLine = (row: string): string => `J\t${row}`;
export const endedLine = (row: string): string => `S\t${row}`;

/** Bytes up to the end of the last whole line; what follows was torn by a crash or is still being written. */
export const wholeLines = (chunk: Buffer): number => chunk.lastIndexOf(NEWLINE) + 1;

export const idOf = (row: Buffer): string => row.toString('latin1', 0, ID_BYTES);

/** @param lines whole lines only; `row` ends in its newline and may share their memory */
export function eachLine(lines: Buffer, visit: (kind: LineKind, row: Buffer) => void): void {
  for (let start = 0; start < lines.length;) {
    const end = lines.indexOf(NEWLINE, start) + 1;
    const row = lines.subarray(start + PREFIX_BYTES, end);
    switch (lines[start + 1] === TAB ? lines[start] : undefined) {
      case ROW:
        visit('row', row);
        break;
      case INTENT:
        visit('intent', row);
        break;
      case FIRST_ROW:
        visit('row', fromFirstFormat(row));
        break;
      case FIRST_INTENT:
        visit('intent', fromFirstFormat(row));
        break;
      default:
        visit('damaged', row);
    }
    start = end;
  }
}
