import type { Cell } from '../../reading/cell.js';
import type { CopyRows } from '../copy-rows.js';
import { faults, type Fault } from '../fault.js';
import type { Field } from './field.js';
import { TextField } from './text-field.js';

const PLUS = 0x2b;
const ROUNDED = /^\s*\d(?:[.,]\d+)?e\+\d+\s*$/i;

/** An identifier that money is booked on. What a spreadsheet made of it, such as `1.11122E+11`, is another one's too. */
export class AccountField implements Field {
  readonly #text = new TextField();

  put(cell: Cell, rows: CopyRows): Fault | null {
    return hasPlus(cell) && ROUNDED.test(cell.text()) ? faults.rounded : this.#text.put(cell, rows);
  }
}

function hasPlus({ bytes, start, end }: Cell): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === PLUS) return true;
  return false;
}
