/** Room for the lines of some two hundred calls: what gathers in 50 ms, but for the busiest. */
const FIRST_ROOM = 64 * 1024;
/** The most that a UTF-16 unit becomes in UTF-8. */
const BYTES_PER_UNIT = 3;

/**
 * Lines that are not on disk, in a bounded amount: waiting, being written, or on their way straight to PostgreSQL.
 * Kept as bytes: text that is put together is a tree of its parts, which each collection of garbage would walk.
 */
export class PendingLines {
  #waiting = Buffer.allocUnsafeSlow(FIRST_ROOM);
  #used = 0;
  #length = 0;

  /** @param limit in bytes */
  constructor(private readonly limit: number) {}

  /** Also of what was taken and not yet done with. */
  get length(): number {
    return this.#length;
  }

  /** @returns false where there is no room */
  append(line: string): boolean {
    if (this.#length + line.length > this.limit) return false;
    const needed = this.#used + line.length * BYTES_PER_UNIT;
    if (needed > this.#waiting.length) this.#grow(needed);
    const bytes = this.#waiting.write(line, this.#used);
    this.#used += bytes;
    this.#length += bytes;
    return true;
  }

  /** All that waits. It is followed by {@link done} or {@link putBack}. */
  take(): Buffer {
    const lines = this.#waiting.subarray(0, this.#used);
    this.#waiting = Buffer.allocUnsafeSlow(FIRST_ROOM);
    this.#used = 0;
    return lines;
  }

  done(lines: Buffer): void {
    this.#length -= lines.length;
  }

  putBack(lines: Buffer): void {
    const waiting = this.#waiting.subarray(0, this.#used);
    this.#used += lines.length;
    this.#waiting = Buffer.concat([lines, waiting], Math.max(this.#used, FIRST_ROOM));
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(2 * needed);
    this.#waiting.copy(larger, 0, 0, this.#used);
    this.#waiting = larger;
  }
}
