import { AppError } from '../../../platform/errors/app-error.js';
import { economistErrors } from '../../economist.errors.js';
import { HAS_NUL, NON_ASCII } from './cell.js';
import { LONGEST_CELL } from './limits.js';
import { capacityFor, RecordBatch, WHOLE } from './record-batch.js';

const FIRST_BYTES = 256 * 1024;

/** Puts rows that come as texts into a batch, so that they go the same way as those of a CSV file. */
export class TextRecords {
  readonly batch: RecordBatch;
  #bytes: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #at = 0;
  #row = 0;

  constructor(private readonly columns: number) {
    this.batch = new RecordBatch(columns, capacityFor(columns));
  }

  get isFull(): boolean {
    return this.batch.records >= this.batch.capacity;
  }

  /** Makes room for other records. */
  clear(): void {
    this.batch.records = 0;
    this.#at = 0;
  }

  /** @param values one for each column; null: it has none */
  add(values: readonly (string | null)[]): void {
    const { batch } = this;
    for (let column = 0; column < this.columns; column += 1) {
      const text = values[column] ?? '';
      const at = batch.records * this.columns + column;
      if (text.length > LONGEST_CELL) throw tooLong(this.#row + 1);
      this.#reserve(text.length * 3);
      const written = this.#bytes.write(text, this.#at);
      batch.starts[at] = this.#at;
      this.#at += written;
      batch.ends[at] = this.#at;
      batch.marks[at] = (written === text.length ? 0 : NON_ASCII) | (text.includes('\0') ? HAS_NUL : 0);
    }
    this.#row += 1;
    batch.lines[batch.records] = this.#row;
    batch.states[batch.records] = WHOLE;
    batch.bytes = this.#bytes;
    batch.records += 1;
  }

  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#at + count, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

const tooLong = (row: number): AppError =>
  new AppError(economistErrors.fileOutOfBounds, `A value in row ${row} is longer than ${LONGEST_CELL} bytes.`);
