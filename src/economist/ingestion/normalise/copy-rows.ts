/** Small enough for a socket to take it at once: else PostgreSQL waits for the rest while we make the next rows. */
const FULL_AT = 192 * 1024;
/** Rows are handed on before the buffer has to grow. */
const CAPACITY = FULL_AT + 64 * 1024;

/** Below it `buffer.copy` costs more than a loop. */
const SHORT_BYTES = 48;

/**
 * Rows in the binary form of PostgreSQL's COPY, whose numbers and times the server need not parse again: that halves
 * its part of the work.
 * @see https://www.postgresql.org/docs/current/sql-copy.html
 */
export class CopyRows {
  bytes: Buffer = Buffer.allocUnsafe(CAPACITY);
  /** Where the next byte goes. */
  at = 0;
  /** Where the row that is being written starts. */
  rowStart = 0;

  get isFull(): boolean {
    return this.at >= FULL_AT;
  }

  beginRow(fields: number): void {
    this.rowStart = this.at;
    this.reserve(2);
    this.bytes.writeInt16BE(fields, this.at);
    this.at += 2;
  }

  discardRow(): void {
    this.at = this.rowStart;
  }

  /** Room for so many bytes behind `at`. */
  reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.at + count, 2 * this.bytes.length));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }

  putNull(): void {
    this.reserve(4);
    this.putLength(-1);
  }

  /** Of the field that follows; there must be room. */
  putLength(length: number): void {
    const { bytes, at } = this;
    bytes[at] = length >> 24;
    bytes[at + 1] = length >> 16;
    bytes[at + 2] = length >> 8;
    bytes[at + 3] = length;
    this.at = at + 4;
  }

  /** A `text`, or anything else that is sent as its bytes. */
  putBytes(source: Buffer, start: number, end: number): void {
    const length = end - start;
    this.reserve(length + 4);
    this.putLength(length);
    this.append(source, start, end);
  }

  /** A `jsonb`: its version, then its text. */
  putJson(source: Buffer, start: number, end: number): void {
    this.reserve(end - start + 5);
    this.putLength(end - start + 1);
    this.bytes[this.at] = 1;
    this.at += 1;
    this.append(source, start, end);
  }

  /** A `timestamptz`. @param micros since the Unix epoch */
  putTime(micros: number): void {
    this.reserve(12);
    this.putLength(8);
    const since2000 = micros - MICROS_TO_2000;
    this.at = this.bytes.writeInt32BE(Math.floor(since2000 / 2 ** 32), this.at);
    this.at = this.bytes.writeUInt32BE(since2000 - Math.floor(since2000 / 2 ** 32) * 2 ** 32, this.at);
  }

  /** A `date`. @param days since the Unix epoch */
  putDate(days: number): void {
    this.reserve(8);
    this.putLength(4);
    this.at = this.bytes.writeInt32BE(days - DAYS_TO_2000, this.at);
  }

  /** Hands the rows on; others follow in another buffer. */
  take(): Buffer {
    const rows = this.bytes.subarray(0, this.at);
    this.bytes = Buffer.allocUnsafe(CAPACITY);
    this.at = 0;
    return rows;
  }

  private append(source: Buffer, start: number, end: number): void {
    const { bytes } = this;
    let { at } = this;
    if (end - start < SHORT_BYTES) {
      for (let from = start; from < end; from += 1, at += 1) bytes[at] = source[from] ?? 0;
      this.at = at;
    } else this.at += source.copy(bytes, at, start, end);
  }
}

const DAYS_TO_2000 = 10_957;
const MICROS_TO_2000 = DAYS_TO_2000 * 86_400_000_000;
