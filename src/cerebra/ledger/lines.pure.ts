// The spool's lines: one letter, a tab, and a row of the ledger in COPY's text format.
//   I  intent: the row that the call gets if nothing more is ever heard of it
//   R  the row of a call that has ended

const NEWLINE = 0x0a;
const TAB = 0x09;
const INTENT = 0x49;
const ROW = 0x52;
const PREFIX_BYTES = 2;
/** A UUID in its text form: the first column. */
const ID_BYTES = 36;

/** Damaged: what a power cut left of a line. */
export type LineKind = 'intent' | 'row' | 'damaged';

export const intentLine = (row: string): string => `I\t${row}`;
export const endedLine = (row: string): string => `R\t${row}`;

/** Bytes up to the end of the last whole line; what follows was torn by a crash or is still being written. */
export const wholeLines = (chunk: Buffer): number => chunk.lastIndexOf(NEWLINE) + 1;

export const idOf = (row: Buffer): string => row.toString('latin1', 0, ID_BYTES);

function kindOf(letter: number | undefined, separator: number | undefined): LineKind {
  if (separator !== TAB) return 'damaged';
  if (letter === ROW) return 'row';
  return letter === INTENT ? 'intent' : 'damaged';
}

/** @param lines whole lines only; `row` shares their memory and ends in its newline */
export function eachLine(lines: Buffer, visit: (kind: LineKind, row: Buffer) => void): void {
  for (let start = 0; start < lines.length;) {
    const end = lines.indexOf(NEWLINE, start) + 1;
    visit(kindOf(lines[start], lines[start + 1]), lines.subarray(start + PREFIX_BYTES, end));
    start = end;
  }
}
