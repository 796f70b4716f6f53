/** The sign between whole units and fractions. */
export type DecimalMark = 'point' | 'comma';
/** Which comes first in `03/02/2026`. */
export type DateOrder = 'day-first' | 'month-first';

/** How a file writes numbers and dates; null: nothing in it tells. */
export interface Dialect {
  readonly decimalMark: DecimalMark | null;
  readonly dateOrder: DateOrder | null;
}

/** Of APIs, and of files that have types. */
export const canonical: Dialect = { decimalMark: 'point', dateOrder: null };

/** What one value tells: the dialect it must be in, `open` where it could be in either, null where it says nothing. */
export type Evidence<Told> = Told | 'open' | null;

const AMOUNT = /^[+-]?([\d.,' \u00a0\u202f]*\d[\d.,' \u00a0\u202f]*)(?:e([+-]?\d{1,4}))?$/i;
const OTHER_GROUPING = /[' \u00a0\u202f]/;

/** What an amount tells of the decimal mark: `1234,5` a comma, `1.234` nothing for sure. */
export function markEvidence(text: string): Evidence<DecimalMark> {
  const [, body, exponent] = AMOUNT.exec(text.trim()) ?? [];
  if (body === undefined) return null;
  const points = body.split('.').length - 1;
  const commas = body.split(',').length - 1;
  if (points === 0 && commas === 0) return null;
  if (points > 0 && commas > 0) {
    const isPoint = body.lastIndexOf('.') > body.lastIndexOf(',');
    return (isPoint ? points : commas) > 1 ? null : isPoint ? 'point' : 'comma';
  }
  const mark: DecimalMark = points > 0 ? 'point' : 'comma';
  if (points + commas > 1) return isGrouped(body.split(mark === 'point' ? '.' : ',')) ? other(mark) : null;
  const [whole = '', fraction = ''] = body.split(/[.,]/);
  const couldGroup = /^[1-9]\d{0,2}$/.test(whole) && /^\d{3}$/.test(fraction);
  return couldGroup && exponent === undefined && !OTHER_GROUPING.test(body) ? 'open' : mark;
}

const WRITTEN_DATE = /^\s*(\d{1,2})[/-](\d{1,2})[/-]\d{4}(?!\d)/;

/** What a date tells of the order of day and month: `03/13/2026` that the month comes first. */
export function orderEvidence(text: string): Evidence<DateOrder> {
  const [, first, second] = WRITTEN_DATE.exec(text) ?? [];
  if (first === undefined || second === undefined) return null;
  if (Number(first) > 12) return 'day-first';
  if (Number(second) > 12) return 'month-first';
  return Number(first) === Number(second) ? null : 'open';
}

const other = (mark: DecimalMark): DecimalMark => (mark === 'point' ? 'comma' : 'point');

/** Whether these are the groups of a number such as 1 234 567. */
export const isGrouped = ([first = '', ...rest]: readonly string[]): boolean =>
  /^\d{1,3}$/.test(first) && rest.every((group) => /^\d{3}$/.test(group));

/**
 * What the format of a mapping tells: of a number such as `1.234,56` or `#,##0.00` which sign comes last, of a date such
 * as `DD/MM/YYYY` or `%m/%d/%Y` whether the day or the month comes first.
 * @returns null where it tells neither
 */
export function dialectOf(format: string, of: 'decimal' | 'time'): Dialect | null {
  if (of === 'decimal') {
    const mark = /[.,](?=[^.,]*$)/.exec(format)?.[0];
    return mark === undefined ? null : { decimalMark: mark === '.' ? 'point' : 'comma', dateOrder: null };
  }
  const letters = format.toLowerCase();
  const [day, month, year] = [letters.indexOf('d'), letters.indexOf('m'), letters.indexOf('y')] as const;
  if (day < 0 || month < 0 || year < 0) return null;
  return { decimalMark: null, dateOrder: day < month ? 'day-first' : 'month-first' };
}
