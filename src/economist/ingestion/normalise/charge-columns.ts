import { focusColumns, type FocusName } from '../../charges/focus-columns.js';
import type { Cell } from '../reading/cell.js';
import type { RecordBatch } from '../reading/record-batch.js';
import type { Origin, Plan } from '../shapes/plan.js';
import { placeText, type CurrentRow } from './computed-cell.js';
import type { Dialect } from './dialect.pure.js';
import type { Field } from './fields/field.js';
import { billingStart, chargeStart, fieldFor } from './fields/field-for.js';
import type { TimeField } from './fields/time-field.js';

/** A column of the charge, for one file. */
export interface ChargeColumn {
  /** In the staging table. */
  readonly column: string;
  /** As the file names it. */
  readonly heading: string;
  readonly field: Field;
  /** Moves the cell to this column's value. */
  place(cell: Cell, batch: RecordBatch, record: number): void;
}

export interface ChargeColumns {
  readonly all: readonly ChargeColumn[];
  /** Index of the billing account; -1 where the file has none. */
  readonly account: number;
  readonly billingStart: TimeField;
}

/** The charge's start comes first: others look at it. */
export function chargeColumnsFor(plan: Plan, dialect: Dialect, current: CurrentRow): ChargeColumns {
  const targets = new Map(plan.targets.map((target) => [target.name, target]));
  const absent = { kind: 'constant', value: '' } as const;
  const columnOf = (name: FocusName, make: (origin: Origin) => Field): ChargeColumn => {
    const { heading = name, origin = absent } = targets.get(name) ?? {};
    return { column: focusColumns[name].column, heading, field: make(origin), place: placing(origin, current) };
  };

  const start = chargeStart(targets.get('ChargePeriodStart')?.origin ?? absent, dialect);
  const billing = billingStart(targets.get('BillingPeriodStart')?.origin ?? absent, dialect, start);
  const first = [columnOf('ChargePeriodStart', () => start), columnOf('BillingPeriodStart', () => billing)];
  const others = [...targets.keys()]
    .filter((name) => name !== 'ChargePeriodStart' && name !== 'BillingPeriodStart')
    .map((name) => columnOf(name, (origin) => fieldFor(name, origin, dialect)));
  const all = [...first, ...others];
  const account = all.findIndex(({ column }) => column === focusColumns.BillingAccountId.column);
  return { all, account, billingStart: billing };
}

function placing(origin: Origin, current: CurrentRow): ChargeColumn['place'] {
  switch (origin.kind) {
    case 'column': {
      const { column } = origin;
      return (cell, batch, record) => batch.place(cell, record, column);
    }
    case 'constant':
      return (cell) => placeText(cell, origin.value);
    case 'computed':
      return (cell) => placeText(cell, origin.from(current));
    default:
      return origin satisfies never;
  }
}
