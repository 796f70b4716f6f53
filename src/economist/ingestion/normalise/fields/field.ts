import type { Cell } from '../../reading/cell.js';
import type { CopyRows } from '../copy-rows.js';
import type { Fault } from '../fault.js';

/** A column of the charge: reads a cell of a file and writes its value. One of these serves one column of one file. */
export interface Field {
  /**
   * Writes exactly one field, unless the row is rejected.
   * @returns what is wrong with the cell, or null
   */
  put(cell: Cell, rows: CopyRows): Fault | null;
}
