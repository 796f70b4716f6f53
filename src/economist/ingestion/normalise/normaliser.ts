import { Cell } from '../reading/cell.js';
import { WHOLE, type RecordBatch } from '../reading/record-batch.js';
import type { Plan } from '../shapes/plan.js';
import { chargeColumnsFor, type ChargeColumn, type ChargeColumns } from './charge-columns.js';
import { CurrentRow } from './computed-cell.js';
import type { CopyRows } from './copy-rows.js';
import type { Dialect } from './dialect.pure.js';
import { Extras, type KeptApart } from './extras.js';
import { faults, type Rejection, type Repair } from './fault.js';
import { TextField } from './fields/text-field.js';
import type { RowReports } from './row-reports.js';

/** Of a value in a report. */
const LONGEST_VALUE = 200;
const DAY_MS = 86_400_000;

/** Told of each row that becomes a charge. */
export type OnAccepted = (row: Buffer, account: Buffer | null, month: number) => void;

interface Noted {
  readonly column: Pick<ChargeColumn, 'heading' | 'place'>;
  readonly fault: Repair;
}

/** Turns the records of one file into charges, ready to be copied into the staging table. */
export class Normaliser {
  accepted = 0;
  repaired = 0;
  rejected = 0;
  readonly #columns: ChargeColumns;
  readonly #checked: readonly (Pick<ChargeColumn, 'heading' | 'place'> & { readonly known: TextField })[];
  readonly #extras: Extras;
  readonly #current: CurrentRow;
  readonly #cell = new Cell();
  /** Of the current row. */
  readonly #noted: Noted[] = [];
  readonly #month = new BillingMonth();

  constructor(
    plan: Plan,
    dialect: Dialect,
    private readonly rows: CopyRows,
    private readonly reports: RowReports,
    private readonly onAccepted: OnAccepted,
  ) {
    this.#current = new CurrentRow(plan.headings);
    this.#columns = chargeColumnsFor(plan, dialect, this.#current);
    this.#extras = new Extras(plan.own);
    this.#checked = plan.checked.map(({ heading, column, known }) => ({
      heading,
      known: new TextField(known),
      place: (cell, batch, record) => batch.place(cell, record, column),
    }));
  }

  /** Of the staging table, in the order in which rows have them. */
  get columns(): readonly string[] {
    return [...this.#columns.all.map(({ column }) => column), 'extras', 'billing_month'];
  }

  take(batch: RecordBatch, record: number): void {
    const line = batch.lines[record] ?? 0;
    if (batch.states[record] !== WHOLE) {
      this.#reject(line, null, faults.malformed, null);
      return;
    }
    this.#current.moveTo(batch, record);
    this.#noted.length = 0;
    const { rows } = this;
    rows.beginRow(this.#columns.all.length + 2);
    const accountAt = this.#putColumns(batch, record, line);
    if (accountAt === REJECTED) return;
    this.#check(batch, record);
    this.#extras.put(batch, record, this.#cell, this.#keptApart(batch, record), rows);
    const month = this.#month.of(this.#columns.billingStart.micros);
    rows.putDate(this.#month.firstDay);
    this.accepted += 1;
    if (this.#noted.length > 0) this.#report(batch, record, line);
    const account = accountAt < 0 ? null : lengthPrefixed(rows.bytes, accountAt);
    this.onAccepted(rows.bytes.subarray(rows.rowStart, rows.at), account, month);
  }

  /** @returns where the billing account was written, -1 where there is none, or {@link REJECTED} */
  #putColumns(batch: RecordBatch, record: number, line: number): number {
    const { rows } = this;
    const cell = this.#cell;
    const { all, account } = this.#columns;
    let accountAt = -1;
    for (let index = 0; index < all.length; index += 1) {
      const column = all[index];
      if (column === undefined) continue;
      column.place(cell, batch, record);
      if (index === account) accountAt = rows.at;
      const fault = column.field.put(cell, rows);
      if (fault === null) continue;
      if (fault.kind === 'rejection') {
        rows.discardRow();
        this.#reject(line, column.heading, fault, cell.text());
        return REJECTED;
      }
      this.#note(column, fault);
    }
    return accountAt;
  }

  /** Values of the file's own columns that its provider does not list. */
  #check(batch: RecordBatch, record: number): void {
    for (const column of this.#checked) {
      column.place(this.#cell, batch, record);
      if (!this.#cell.isAbsent && !column.known.knows(this.#cell)) this.#note(column, faults.unknownValue);
    }
  }

  /** A zone that is missing is told once for all times of a row. */
  #note(column: Noted['column'], fault: Repair): void {
    if (fault === faults.noZone && this.#noted.some((noted) => noted.fault === fault)) return;
    this.#noted.push({ column, fault });
  }

  #keptApart(batch: RecordBatch, record: number): readonly KeptApart[] {
    if (!this.#noted.some(({ fault }) => fault.isKeptApart)) return NOTHING;
    return this.#noted
      .filter(({ fault }) => fault.isKeptApart)
      .map(({ column }) => ({ heading: column.heading, text: this.#value(column, batch, record) }));
  }

  #report(batch: RecordBatch, record: number, line: number): void {
    this.repaired += 1;
    for (const { column, fault } of this.#noted) {
      const value = this.#value(column, batch, record).slice(0, LONGEST_VALUE);
      this.reports.repair({ line, heading: column.heading }, fault, value);
    }
  }

  #value(column: Noted['column'], batch: RecordBatch, record: number): string {
    column.place(this.#cell, batch, record);
    return this.#cell.text();
  }

  #reject(line: number, heading: string | null, fault: Rejection, value: string | null): void {
    this.rejected += 1;
    this.reports.reject({ line, heading }, fault, value?.slice(0, LONGEST_VALUE) ?? null);
  }
}

const REJECTED = -2;
const NOTHING: readonly KeptApart[] = [];

/** What was written as one field; null where it is none. */
function lengthPrefixed(bytes: Buffer, at: number): Buffer | null {
  const length = bytes.readInt32BE(at);
  return length < 0 ? null : bytes.subarray(at + 4, at + 4 + length);
}

/** The month of an instant; mostly that of the row before. */
class BillingMonth {
  /** Days since the epoch. */
  firstDay = 0;
  #micros = Number.NaN;
  #month = 0;

  /** @returns months since the epoch */
  of(micros: number): number {
    if (micros === this.#micros) return this.#month;
    const date = new Date(micros / 1_000);
    this.#micros = micros;
    this.#month = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
    this.firstDay = Date.UTC(date.getUTCFullYear(), date.getUTCMonth()) / DAY_MS;
    return this.#month;
  }
}
