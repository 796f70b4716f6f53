import type { Cell } from '../../reading/cell.js';
import type { CopyRows } from '../copy-rows.js';
import { isCurrency } from '../currencies.pure.js';
import { faults, type Fault } from '../fault.js';
import type { Field } from './field.js';

/** The currency of all amounts of the row, in capitals. */
export class CurrencyField implements Field {
  /** Three bytes as a number → the code; few ever occur. */
  readonly #seen = new Map<number, Buffer>();

  put(cell: Cell, rows: CopyRows): Fault | null {
    const code = cell.end - cell.start === 3 ? this.#code(cell) : this.#trimmed(cell);
    if (code === undefined) return cell.isAbsent ? faults.missing : faults.noCurrency;
    rows.putBytes(code, 0, code.length);
    return null;
  }

  #code(cell: Cell): Buffer | undefined {
    const key = cell.bytes.readUIntBE(cell.start, 3);
    const seen = this.#seen.get(key);
    if (seen !== undefined) return seen;
    const code = this.#trimmed(cell);
    if (code !== undefined) this.#seen.set(key, code);
    return code;
  }

  #trimmed(cell: Cell): Buffer | undefined {
    const code = cell.text().trim().toUpperCase();
    return isCurrency(code) ? Buffer.from(code) : undefined;
  }
}
