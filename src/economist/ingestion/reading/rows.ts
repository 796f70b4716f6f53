import type { RecordBatch } from './record-batch.js';

/** A source of records under headings: a file, or the rows of an API. */
export interface Rows {
  /** As the file names its columns. */
  readonly headings: readonly string[];
  /** Anew from the first record each time. The batch is the same object each time. */
  batches(): AsyncIterable<RecordBatch>;
  /** Bytes of the file, packed, that were read since the last call of `batches`. */
  readonly bytesRead: number;
  /** Whether amounts and times are written in a locale's way, or in one way only. */
  readonly isLocalised: boolean;
}
