/** Why a row cannot be a charge. */
export type RejectionCode =
  'missing_required' | 'not_a_decimal' | 'not_a_date' | 'unknown_currency' | 'lost_precision' | 'malformed_record';

/** What was put right, or kept although nobody knows it. */
export type RepairCode = 'unknown_value' | 'broken_tags' | 'assumed_zone' | 'encoding';

export interface Rejection {
  readonly kind: 'rejection';
  readonly code: RejectionCode;
  /** A sentence for the user. */
  readonly reason: string;
}

export interface Repair {
  readonly kind: 'repair';
  readonly code: RepairCode;
  readonly reason: string;
  /** True: the column has no value now, and what the file says stands among the charge's extras. */
  readonly isKeptApart: boolean;
}

export type Fault = Rejection | Repair;

const rejection = (code: RejectionCode, reason: string): Rejection => ({ kind: 'rejection', code, reason });
const repair = (code: RepairCode, reason: string, isKeptApart = false): Repair => ({
  kind: 'repair',
  code,
  reason,
  isKeptApart,
});

export const faults = {
  missing: rejection('missing_required', 'A charge needs this value, and it is absent.'),
  noDecimal: rejection('not_a_decimal', 'It is no number, or one that can be read in two ways.'),
  noDate: rejection('not_a_date', 'It is no date, or nothing tells which of its numbers is the day.'),
  noCurrency: rejection('unknown_currency', 'It is no currency code of ISO 4217.'),
  rounded: rejection('lost_precision', 'A spreadsheet has rounded this identifier; its last digits are gone.'),
  malformed: rejection('malformed_record', 'The record has not as many cells as the heading, or a stray quote.'),
  unknownValue: repair('unknown_value', 'Kept, though it is none of the values that the specification knows.'),
  unreadable: repair('unknown_value', 'It cannot be read; kept as text among the extras of the charge.', true),
  brokenPairs: repair('broken_tags', 'It is no key-value JSON; kept as text among the extras of the charge.', true),
  noZone: repair('assumed_zone', 'A time without a zone; taken as UTC.'),
  encoding: repair('encoding', 'It is not UTF-8; read as Windows-1252, without NUL.'),
} as const;
