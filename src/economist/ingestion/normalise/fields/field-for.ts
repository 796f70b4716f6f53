import { focusColumns, type FocusColumn, type FocusName } from '../../../charges/focus-columns.js';
import type { Origin } from '../../shapes/plan.js';
import { dialectOf, type Dialect } from '../dialect.pure.js';
import { faults } from '../fault.js';
import { AccountField } from './account-field.js';
import { CurrencyField } from './currency-field.js';
import { DecimalField, type Need } from './decimal-field.js';
import type { Field } from './field.js';
import { PairsField } from './pairs-field.js';
import { TextField } from './text-field.js';
import { TimeField } from './time-field.js';

/** What a row needs its start for: its day, and its billing month where the file tells none. */
export const chargeStart = (origin: Origin, dialect: Dialect): TimeField =>
  new TimeField({ ...timeOptions(origin, dialect), isEssential: true, whenAbsent: () => faults.missing });

/** Where the file has none, bills are by calendar month. */
export const billingStart = (origin: Origin, dialect: Dialect, start: TimeField): TimeField =>
  new TimeField({
    ...timeOptions(origin, dialect),
    isEssential: true,
    whenAbsent: () => {
      const date = new Date(start.micros / 1_000);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth()) * 1_000;
    },
  });

export function fieldFor(name: FocusName, origin: Origin, dialect: Dialect): Field {
  const { type, known }: FocusColumn = focusColumns[name];
  switch (type) {
    case 'text':
      if (name === 'BillingCurrency') return new CurrencyField();
      return accounts.has(name) ? new AccountField() : new TextField(known);
    case 'decimal':
      return new DecimalField(
        formatOf(origin, 'decimal')?.decimalMark ?? dialect.decimalMark,
        needs.get(name) ?? 'detail',
      );
    case 'time':
      return new TimeField({ ...timeOptions(origin, dialect), isEssential: false, whenAbsent: () => null });
    case 'pairs':
      return new PairsField(name === 'Tags');
    default:
      return type satisfies never;
  }
}

const accounts: ReadonlySet<FocusName> = new Set(['BillingAccountId', 'SubAccountId', 'InvoiceId']);

const needs: ReadonlyMap<FocusName, Need> = new Map([
  ['BilledCost', 'required'],
  ['EffectiveCost', 'exact'],
  ['ContractedCost', 'exact'],
  ['ListCost', 'exact'],
]);

const formatOf = (origin: Origin, of: 'decimal' | 'time'): Dialect | null =>
  origin.kind === 'column' && origin.format !== null ? dialectOf(origin.format, of) : null;

const timeOptions = (origin: Origin, dialect: Dialect) => ({
  order: formatOf(origin, 'time')?.dateOrder ?? dialect.dateOrder,
  plusDays: origin.kind === 'column' ? origin.plusDays : 0,
});
