import type { Cell } from '../../reading/cell.js';
import type { CopyRows } from '../copy-rows.js';
import { decode } from '../encoding.js';
import { faults, type Fault } from '../fault.js';
import { readPairs } from '../pairs.pure.js';
import type { Field } from './field.js';

/** Texts that were checked already; the same tags stand on row after row. */
const REMEMBERED = 4_096;
/** Longer ones are rare, and would fill the memory. */
const REMEMBERED_BYTES = 2_048;

const EMPTY = Buffer.from('{}');

/** Key-value JSON. */
export class PairsField implements Field {
  /** By their bytes; null: broken. Emptied when full: what is common comes back at once. */
  readonly #seen = new Map<string, Buffer | null>();

  /** @param isRequired whether the column has an empty object where a file says nothing */
  constructor(private readonly isRequired: boolean) {}

  put(cell: Cell, rows: CopyRows): Fault | null {
    if (cell.isAbsent) {
      this.#putNothing(rows);
      return null;
    }
    const pairs = this.#pairs(cell);
    if (pairs === null) {
      this.#putNothing(rows);
      return faults.brokenPairs;
    }
    rows.putJson(pairs, 0, pairs.length);
    return null;
  }

  #putNothing(rows: CopyRows): void {
    if (this.isRequired) rows.putJson(EMPTY, 0, EMPTY.length);
    else rows.putNull();
  }

  #pairs(cell: Cell): Buffer | null {
    if (cell.end - cell.start > REMEMBERED_BYTES) return check(cell);
    const key = cell.bytes.toString('latin1', cell.start, cell.end);
    const seen = this.#seen.get(key);
    if (seen !== undefined) return seen;
    const pairs = check(cell);
    if (this.#seen.size >= REMEMBERED) this.#seen.clear();
    this.#seen.set(key, pairs);
    return pairs;
  }
}

function check(cell: Cell): Buffer | null {
  const pairs = readPairs(decode(cell.bytes.subarray(cell.start, cell.end)).text);
  return pairs === null ? null : Buffer.from(pairs);
}
