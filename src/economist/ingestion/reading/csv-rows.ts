import { AppError } from '../../../platform/errors/app-error.js';
import { economistErrors } from '../../economist.errors.js';
import { readHeading, type CsvHeading } from './csv-heading.js';
import { CsvTokenizer } from './csv-tokenizer.js';
import type { FileBytes } from './file-bytes.js';
import { LONGEST_RECORD } from './limits.js';
import { capacityFor, RecordBatch } from './record-batch.js';
import type { Rows } from './rows.js';

/** Read at once; a record that is longer is waited for. */
const WINDOW_BYTES = 1024 ** 2;

/** The rows of a CSV file. Of the file, no more than a window is in memory. */
export class CsvRows implements Rows {
  readonly isLocalised = true;

  private constructor(
    private readonly file: FileBytes,
    private readonly heading: CsvHeading,
  ) {}

  static async open(file: FileBytes): Promise<CsvRows> {
    const window = new Window();
    for await (const chunk of file.open()) {
      window.add(chunk);
      const heading = readHeading(window.filled, false);
      if (heading !== null) return new CsvRows(file, heading);
    }
    return new CsvRows(file, lastHeading(window));
  }

  get headings(): readonly string[] {
    return this.heading.headings;
  }

  get bytesRead(): number {
    return this.file.read;
  }

  async *batches(): AsyncGenerator<RecordBatch> {
    const { separator, length, line, headings } = this.heading;
    const tokenizer = new CsvTokenizer(separator, line);
    const batch = new RecordBatch(headings.length, capacityFor(headings.length));
    const window = new Window();
    let toSkip = length;
    for await (const chunk of this.file.open()) {
      const skipped = Math.min(toSkip, chunk.length);
      toSkip -= skipped;
      window.add(chunk.subarray(skipped));
      if (window.length < WINDOW_BYTES) continue;
      yield* read(tokenizer, window, false, batch);
      if (window.length > LONGEST_RECORD) throw tooLong(tokenizer.line);
    }
    yield* read(tokenizer, window, true, batch);
  }
}

function* read(tokenizer: CsvTokenizer, window: Window, isLast: boolean, batch: RecordBatch): Generator<RecordBatch> {
  for (;;) {
    const taken = tokenizer.read(window.bytes, window.length, isLast, batch);
    if (batch.records > 0) yield batch;
    window.drop(taken);
    if (taken === 0 || window.length === 0) return;
  }
}

function lastHeading(window: Window): CsvHeading {
  const heading = readHeading(window.filled, true);
  if (heading === null) throw new Error('a file that is at its end has a heading or is empty');
  return heading;
}

const tooLong = (line: number): AppError =>
  new AppError(
    economistErrors.fileOutOfBounds,
    `The record that starts on line ${line} is longer than ${LONGEST_RECORD} bytes. Mend the file and import it again.`,
  );

/** Bytes of a file that were not taken yet; grows where a record needs it. */
class Window {
  bytes: Buffer = Buffer.allocUnsafe(2 * WINDOW_BYTES);
  length = 0;

  get filled(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  add(chunk: Buffer): void {
    const needed = this.length + chunk.length;
    if (needed > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.bytes.length));
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    chunk.copy(this.bytes, this.length);
    this.length = needed;
  }

  drop(count: number): void {
    this.bytes.copyWithin(0, count, this.length);
    this.length -= count;
  }
}
