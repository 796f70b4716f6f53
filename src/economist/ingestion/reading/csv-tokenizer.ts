import { AppError } from '../../../platform/errors/app-error.js';
import { economistErrors } from '../../economist.errors.js';
import { HAS_NUL, NON_ASCII } from './cell.js';
import { LONGEST_CELL } from './limits.js';
import { MALFORMED, WHOLE, type RecordBatch } from './record-batch.js';

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

/** What a byte is to the tokenizer. */
const PLAIN = 0;
const ACCENT = 1;
const NUL = 2;
/** A separator or a line end. */
const BREAK = 3;
const QUOTES = 4;

/** A mark that lasts until the record is whole: the cell holds pairs of quotes. */
const PAIRED = 128;

/**
 * Finds records and cells in bytes: RFC 4180, and what files do beyond it (line ends of all systems, line breaks within
 * quotes, quotes within cells that do not start with one). It keeps no bytes: what it did not take is shown again, with
 * more behind it.
 */
export class CsvTokenizer {
  readonly #classes = new Uint8Array(256);
  /** ASCII above it is plain, which most bytes are: quicker to tell than by a look into the table. */
  readonly #ceiling: number;
  /** Of the next record. */
  #line: number;

  // The cell that was read last.
  #start = 0;
  #end = 0;
  #marks = 0;
  #lineBreaks = 0;
  #isSound = true;

  /** @param line the number of the first one */
  constructor(
    private readonly separator: number,
    line = 1,
  ) {
    this.#line = line;
    this.#ceiling = Math.max(QUOTE, separator);
    this.#classes.fill(ACCENT, 0x80);
    this.#classes[0] = NUL;
    for (const byte of [LF, CR, separator]) this.#classes[byte] = BREAK;
    this.#classes[QUOTE] = QUOTES;
  }

  /** Of the next record, the first line of the file being 1. */
  get line(): number {
    return this.#line;
  }

  /**
   * Fills the batch with the whole records of `bytes` up to `length`.
   * @param isLast whether the file ends there; a last record needs no line end
   * @returns how many bytes they take; less than all when the batch is full or a record is not whole
   */
  read(bytes: Buffer, length: number, isLast: boolean, batch: RecordBatch): number {
    batch.bytes = bytes;
    batch.records = 0;
    let at = 0;
    while (at < length && batch.records < batch.capacity) {
      const after = this.#record(bytes, at, length, isLast, batch);
      if (after < 0) break;
      at = after;
    }
    return at;
  }

  /** @returns where the next record starts, or -1 where this one is not whole */
  #record(bytes: Buffer, from: number, length: number, isLast: boolean, batch: RecordBatch): number {
    const first = batch.records * batch.columns;
    let at = from;
    let cells = 0;
    let lineBreaks = 0;
    let isSound = true;
    let hasPairs = false;
    for (;;) {
      const isQuoted = at < length && bytes[at] === QUOTE;
      const stop = isQuoted ? this.#quoted(bytes, at, length) : this.#plain(bytes, at, length);
      if (stop - at > LONGEST_CELL) throw this.#tooLong();
      // A quote at the very end may be half of a pair, and a CR there half of a line end.
      if (stop >= length && !isLast) return -1;
      if (isQuoted) {
        isSound &&= this.#isSound;
        hasPairs ||= this.#marks >= PAIRED;
        lineBreaks += this.#lineBreaks;
      }
      if (cells < batch.columns) {
        batch.starts[first + cells] = this.#start;
        batch.ends[first + cells] = this.#end;
        batch.marks[first + cells] = this.#marks;
      }
      cells += 1;
      if (stop < length && bytes[stop] === this.separator) {
        at = stop + 1;
        continue;
      }
      const after = afterLineEnd(bytes, stop, length, isLast);
      if (after < 0) return -1;
      const isBlank = cells === 1 && this.#start === this.#end && !isQuoted;
      if (!isBlank) {
        if (hasPairs) resolvePairs(batch, first, Math.min(cells, batch.columns));
        batch.lines[batch.records] = this.#line;
        batch.states[batch.records] = isSound && cells === batch.columns ? WHOLE : MALFORMED;
        batch.records += 1;
      }
      this.#line += lineBreaks + 1;
      return after;
    }
  }

  /** @returns the separator or line end behind the cell, or `length` */
  #plain(bytes: Buffer, from: number, length: number): number {
    const classes = this.#classes;
    const ceiling = this.#ceiling;
    let marks = 0;
    let at = from;
    for (; at < length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte > ceiling && byte < 0x80) continue;
      const kind = classes[byte];
      if (kind === PLAIN || kind === QUOTES) continue;
      if (kind === BREAK) break;
      marks |= kind === NUL ? HAS_NUL : NON_ASCII;
    }
    this.#start = from;
    this.#end = at;
    this.#marks = marks;
    return at;
  }

  /** As {@link #plain}, for a cell that starts with a quote. */
  #quoted(bytes: Buffer, from: number, length: number): number {
    const classes = this.#classes;
    const ceiling = this.#ceiling;
    let marks = 0;
    let lineBreaks = 0;
    let at = from + 1;
    for (; at < length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte > ceiling && byte < 0x80) continue;
      const kind = classes[byte];
      if (kind === PLAIN) continue;
      if (kind === QUOTES) {
        if (at + 1 >= length || bytes[at + 1] !== QUOTE) break;
        marks |= PAIRED;
        at += 1;
      } else if (kind === BREAK) {
        if (byte === LF || (byte === CR && bytes[at + 1] !== LF)) lineBreaks += 1;
      } else marks |= kind === NUL ? HAS_NUL : NON_ASCII;
    }
    this.#start = from + 1;
    this.#end = at;
    this.#marks = marks;
    this.#lineBreaks = lineBreaks;
    this.#isSound = at < length;
    let stop = Math.min(at + 1, length);
    // What stands between a closing quote and the separator cannot be told from a quote that was not doubled.
    for (; stop < length && classes[bytes[stop] ?? 0] !== BREAK; stop += 1) this.#isSound = false;
    return stop;
  }

  #tooLong(): AppError {
    return new AppError(
      economistErrors.fileOutOfBounds,
      `A cell of the record that starts on line ${this.#line} is longer than ${LONGEST_CELL} bytes; ` +
        'perhaps a quote is not closed there. Mend the file and import it again.',
    );
  }
}

function afterLineEnd(bytes: Buffer, stop: number, length: number, isLast: boolean): number {
  if (stop >= length) return length;
  if (bytes[stop] !== CR) return stop + 1;
  if (stop + 1 >= length) return isLast ? length : -1;
  return bytes[stop + 1] === LF ? stop + 2 : stop + 1;
}

/** Makes one quote of each pair, in place. Only once the record is whole: until then its bytes may be read again. */
function resolvePairs(batch: RecordBatch, first: number, cells: number): void {
  const { bytes, starts, ends, marks } = batch;
  for (let cell = first; cell < first + cells; cell += 1) {
    const mark = marks[cell] ?? 0;
    if (mark < PAIRED) continue;
    const end = ends[cell] ?? 0;
    let to = starts[cell] ?? 0;
    for (let from = to; from < end; from += 1) {
      const byte = bytes[from] ?? 0;
      bytes[to] = byte;
      to += 1;
      if (byte === QUOTE) from += 1;
    }
    ends[cell] = to;
    marks[cell] = mark & ~PAIRED;
  }
}
