/** Marks of a cell: what makes it more than plain ASCII. */
export const NON_ASCII = 1;
export const HAS_NUL = 2;

const UPPER_NULL = Buffer.from('NULL').readUInt32LE();
const LOWER_NULL = Buffer.from('null').readUInt32LE();
const SPACE = 0x20;

/** One value of a file, where it lies in memory. A single object is moved from cell to cell, for speed. */
export class Cell {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  marks = 0;

  /** Empty, blank, or the text `NULL` that some writers use. */
  get isAbsent(): boolean {
    const { bytes, start, end } = this;
    if (end - start === 4) {
      const word = bytes.readUInt32LE(start);
      if (word === UPPER_NULL || word === LOWER_NULL) return true;
    }
    for (let at = start; at < end; at += 1) if (bytes[at] !== SPACE) return false;
    return true;
  }

  /** As UTF-8; bytes that are none become U+FFFD. */
  text(): string {
    return this.bytes.toString(this.marks === 0 ? 'latin1' : 'utf8', this.start, this.end);
  }
}
