import type { Cell } from './cell.js';

/** A record has as many cells as the heading. */
export const WHOLE = 0;
/** Too many or too few cells, or quotes that do not match. */
export const MALFORMED = 1;

/**
 * Records whose cells lie in one buffer, so that none needs objects of its own. Filled again and again by one reader:
 * what is in it holds until the reader goes on.
 */
export class RecordBatch {
  bytes: Buffer = Buffer.alloc(0);
  records = 0;
  /** Of each record: where it starts in the unpacked file, the heading being line 1. */
  readonly lines: Float64Array;
  /** Of each record: {@link WHOLE} or {@link MALFORMED}. */
  readonly states: Uint8Array;
  /** Of each cell, record by record. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly marks: Uint8Array;

  /**
   * @param columns cells of a record
   * @param capacity records at most
   */
  constructor(
    readonly columns: number,
    readonly capacity: number,
  ) {
    this.lines = new Float64Array(capacity);
    this.states = new Uint8Array(capacity);
    this.starts = new Int32Array(capacity * columns);
    this.ends = new Int32Array(capacity * columns);
    this.marks = new Uint8Array(capacity * columns);
  }

  /** Moves a cell to a value. */
  place(cell: Cell, record: number, column: number): void {
    const at = record * this.columns + column;
    cell.bytes = this.bytes;
    cell.start = this.starts[at] ?? 0;
    cell.end = this.ends[at] ?? 0;
    cell.marks = this.marks[at] ?? 0;
  }
}

/** As many records as keep a batch's tables near 64,000 cells. */
export const capacityFor = (columns: number): number => Math.max(1, Math.min(4_096, Math.floor(65_536 / columns)));
