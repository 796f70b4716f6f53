/** Lines that are not on disk, in a bounded amount: waiting, being written, or on their way straight to PostgreSQL. */
export class PendingLines {
  #waiting = '';
  #length = 0;

  /** @param limit in characters, which are bytes but for names in other alphabets */
  constructor(private readonly limit: number) {}

  /** Also of what was taken and not yet done with. */
  get length(): number {
    return this.#length;
  }

  /** @returns false where there is no room */
  append(line: string): boolean {
    if (this.#length + line.length > this.limit) return false;
    this.#waiting += line;
    this.#length += line.length;
    return true;
  }

  /** All that waits. It is followed by {@link done} or {@link putBack}. */
  take(): string {
    const lines = this.#waiting;
    this.#waiting = '';
    return lines;
  }

  done(lines: string): void {
    this.#length -= lines.length;
  }

  putBack(lines: string): void {
    this.#waiting = lines + this.#waiting;
  }
}
