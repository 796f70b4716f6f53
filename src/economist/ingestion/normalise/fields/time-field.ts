import type { Cell } from '../../reading/cell.js';
import type { CopyRows } from '../copy-rows.js';
import type { DateOrder } from '../dialect.pure.js';
import { faults, type Fault } from '../fault.js';
import { asIsoTime, readIsoTime, ReadTime } from '../time.pure.js';
import type { Field } from './field.js';

const DAY_MICROS = 86_400_000_000;

export interface TimeOptions {
  readonly order: DateOrder | null;
  /** Whether what cannot be read costs the row; otherwise it is kept as text. */
  readonly isEssential: boolean;
  /** Of an absent time, in microseconds since the epoch; null: the column has no value then. */
  readonly whenAbsent: () => number | null | Fault;
  /** 1 where the file names the last day and FOCUS the end, which is the day after. */
  readonly plusDays: number;
}

/** An instant in UTC. */
export class TimeField implements Field {
  /** Of the last row, in microseconds since the epoch; meaningful once {@link put} wrote a value. */
  micros = 0;
  readonly #time = new ReadTime();

  constructor(private readonly options: TimeOptions) {}

  put(cell: Cell, rows: CopyRows): Fault | null {
    const time = this.#time;
    if (!readIsoTime(cell.bytes, cell.start, cell.end, time) && !this.#readWritten(cell)) {
      return cell.isAbsent ? this.#putAbsent(rows) : this.#putUnreadable(rows);
    }
    this.#put(rows, time.micros + this.options.plusDays * DAY_MICROS);
    return time.hasZone ? null : faults.noZone;
  }

  #readWritten(cell: Cell): boolean {
    const iso = asIsoTime(cell.text().trim(), this.options.order);
    if (iso === null) return false;
    const bytes = Buffer.from(iso);
    return readIsoTime(bytes, 0, bytes.length, this.#time);
  }

  #putAbsent(rows: CopyRows): Fault | null {
    const value = this.options.whenAbsent();
    if (typeof value === 'object' && value !== null) return value;
    if (value === null) rows.putNull();
    else this.#put(rows, value);
    return null;
  }

  #putUnreadable(rows: CopyRows): Fault {
    if (this.options.isEssential) return faults.noDate;
    rows.putNull();
    return faults.unreadable;
  }

  #put(rows: CopyRows, micros: number): void {
    this.micros = micros;
    rows.putTime(micros);
  }
}
