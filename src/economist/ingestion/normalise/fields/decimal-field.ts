import type { Cell } from '../../reading/cell.js';
import { putNumeric } from '../copy-numeric.js';
import type { CopyRows } from '../copy-rows.js';
import { readDecimal } from '../decimal.pure.js';
import type { DecimalMark } from '../dialect.pure.js';
import { faults, type Fault } from '../fault.js';
import type { Field } from './field.js';

const POINT = 0x2e;
const COMMA = 0x2c;
const NONE = -1;

/** What a column of amounts asks of its cells. */
export type Need =
  /** No charge without it. */
  | 'required'
  /** It may be absent; but what is there must be read, for totals depend on it. */
  | 'exact'
  /** A detail: what cannot be read is kept as text. */
  | 'detail';

/** An exact number of any length. */
export class DecimalField implements Field {
  readonly #markByte: number;

  constructor(
    private readonly mark: DecimalMark | null,
    private readonly need: Need,
  ) {
    this.#markByte = mark === 'point' ? POINT : mark === 'comma' ? COMMA : NONE;
  }

  put(cell: Cell, rows: CopyRows): Fault | null {
    if (putNumeric(rows, cell.bytes, cell.start, cell.end, this.#markByte)) return null;
    if (cell.isAbsent) {
      if (this.need === 'required') return faults.missing;
      rows.putNull();
      return null;
    }
    const read = readDecimal(cell.text(), this.mark);
    if (read !== null && putText(rows, read)) return null;
    if (this.need !== 'detail') return faults.noDecimal;
    rows.putNull();
    return faults.unreadable;
  }
}

function putText(rows: CopyRows, decimal: string): boolean {
  const bytes = Buffer.from(decimal);
  return putNumeric(rows, bytes, 0, bytes.length, POINT);
}
