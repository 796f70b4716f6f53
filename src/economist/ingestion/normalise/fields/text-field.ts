import type { Cell } from '../../reading/cell.js';
import type { CopyRows } from '../copy-rows.js';
import { decode } from '../encoding.js';
import { faults, type Fault } from '../fault.js';
import type { Field } from './field.js';

/** Text as it stands in the file. */
export class TextField implements Field {
  readonly #known: readonly Buffer[];

  /** @param known the values that the specification knows; empty: any */
  constructor(known: readonly string[] = []) {
    this.#known = known.map((value) => Buffer.from(value));
  }

  put(cell: Cell, rows: CopyRows): Fault | null {
    if (cell.isAbsent) {
      rows.putNull();
      return null;
    }
    if (cell.marks !== 0) {
      const { text, isSound } = decode(cell.bytes.subarray(cell.start, cell.end));
      const bytes = Buffer.from(text);
      rows.putBytes(bytes, 0, bytes.length);
      if (!isSound) return faults.encoding;
    } else rows.putBytes(cell.bytes, cell.start, cell.end);
    return this.knows(cell) ? null : faults.unknownValue;
  }

  /** Whether it is one of the values that the specification knows. */
  knows(cell: Cell): boolean {
    const known = this.#known;
    if (known.length === 0) return true;
    for (const value of known) if (isSame(value, cell)) return true;
    return false;
  }
}

function isSame(value: Buffer, { bytes, start, end }: Cell): boolean {
  if (value.length !== end - start) return false;
  for (let at = 0; at < value.length; at += 1) if (value[at] !== bytes[start + at]) return false;
  return true;
}
