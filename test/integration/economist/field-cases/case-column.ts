import { focusColumns } from '../../../../src/economist/charges/focus-columns.js';

/** The SQL of what a case calls a column, a tag, a day or a month. */
export function expressionOf(key: string): string {
  if (key === 'day') return `to_char(charge_period_start AT TIME ZONE 'UTC', 'YYYY-MM-DD')`;
  if (key === 'month') return `to_char(billing_period_start AT TIME ZONE 'UTC', 'YYYY-MM')`;
  if (key.startsWith('Tags.')) return `tags->>'${key.slice('Tags.'.length)}'`;
  const column = Object.entries(focusColumns).find(([name]) => name === key)?.[1];
  if (column === undefined) throw new Error(`the case asks for ${key}, which is no column`);
  return column.type === 'time'
    ? `to_char(${column.column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
    : column.column;
}
