const LF = 0x0a;

/** Puts a line together that arrives in pieces. Holds no more than its caller's bound. */
export class LineBuffer {
  #text = '';
  #complete = false;

  clear(): void {
    this.#text = '';
    this.#complete = false;
  }

  /**
   * Reads to the end of the line or of the bytes.
   * @returns where it has read to; null when the line has more than `room` bytes
   */
  push(bytes: Buffer, start: number, room: number): number | null {
    const lineFeed = bytes.indexOf(LF, start);
    const end = lineFeed === -1 ? bytes.length : lineFeed + 1;
    if (this.#text.length + end - start > room) return null;
    this.#text += bytes.toString('latin1', start, end);
    this.#complete = lineFeed !== -1;
    return end;
  }

  /** The line with its end, once. Null: it is not complete yet. */
  take(): string | null {
    if (!this.#complete) return null;
    const line = this.#text;
    this.clear();
    return line;
  }
}
