import { focusColumns, type FocusColumn, type FocusName } from '../../charges/focus-columns.js';
import type { ColumnMapping } from '../../sources/row-shape.js';
import { dialectOf } from '../normalise/dialect.pure.js';
import type { Rule, Shape } from './shape.js';

/** What is wrong with a mapping: its key, and a sentence that says what to do. */
export type MappingFaults = Readonly<Record<string, string>>;

const REQUIRED = ['BilledCost', 'BillingCurrency', 'ChargePeriodStart'] as const satisfies readonly FocusName[];

/** Checks a mapping before it is saved. Empty: it can be used. */
export function mappingFaults(mapping: ColumnMapping): MappingFaults {
  const faults: Record<string, string> = {};
  for (const name of REQUIRED) if (!(name in mapping)) faults[name] = 'Every charge needs it; map it to a column.';
  for (const [name, value] of Object.entries(mapping)) {
    if (!isFocusName(name)) faults[name] = 'It is no column of FOCUS 1.2.';
    else if (typeof value === 'object' && 'format' in value && !isFormat(focusColumns[name], value.format)) {
      faults[name] = formatFault(focusColumns[name]);
    }
  }
  return faults;
}

/** The shape that a user saved. Columns that it does not name are kept among the extras. */
export function mapped(mapping: ColumnMapping): Shape {
  const columns: Partial<Record<FocusName, Rule>> = {};
  for (const [name, value] of Object.entries(mapping)) if (isFocusName(name)) columns[name] = value;
  return { columns, known: {} };
}

const isFocusName = (name: string): name is FocusName => Object.hasOwn(focusColumns, name);

const isFormat = ({ type }: FocusColumn, format: string): boolean =>
  (type === 'decimal' || type === 'time') && dialectOf(format, type) !== null;

function formatFault({ type }: FocusColumn): string {
  switch (type) {
    case 'decimal':
      return 'Write the format as an example such as 1.234,56 or 1,234.56.';
    case 'time':
      return 'Write the format as the order of its parts, such as DD/MM/YYYY or MM/DD/YYYY.';
    default:
      return 'Only amounts and times have a format.';
  }
}
