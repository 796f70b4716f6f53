import { Cell, HAS_NUL, NON_ASCII } from '../reading/cell.js';
import type { RecordBatch } from '../reading/record-batch.js';
import type { Headings } from '../shapes/headings.pure.js';
import type { SourceRow } from '../shapes/shape.js';

/** The row that computed values look at: one object, moved from record to record. */
export class CurrentRow implements SourceRow {
  #batch: RecordBatch | null = null;
  #record = 0;
  readonly #cell = new Cell();
  readonly #columns = new Map<string, number | null>();

  constructor(private readonly headings: Headings) {}

  moveTo(batch: RecordBatch, record: number): void {
    this.#batch = batch;
    this.#record = record;
  }

  text(heading: string): string | null {
    const column = this.#column(heading);
    if (column === null || this.#batch === null) return null;
    this.#batch.place(this.#cell, this.#record, column);
    return this.#cell.isAbsent ? null : this.#cell.text();
  }

  #column(heading: string): number | null {
    const known = this.#columns.get(heading);
    if (known !== undefined) return known;
    const column = this.headings.find([heading]);
    this.#columns.set(heading, column);
    return column;
  }
}

/** A value that stands in no file, as a cell. Null: an absent one. */
export function placeText(cell: Cell, text: string | null): void {
  const bytes = Buffer.from(text ?? '');
  cell.bytes = bytes;
  cell.start = 0;
  cell.end = bytes.length;
  cell.marks = (bytes.length === (text?.length ?? 0) ? 0 : NON_ASCII) | (bytes.includes(0) ? HAS_NUL : 0);
}
