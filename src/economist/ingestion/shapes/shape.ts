import type { FocusName } from '../../charges/focus-columns.js';

/** The values of one row, by the file's headings. */
export interface SourceRow {
  /** Null where the file has no such column, or the row no value in it. */
  text(heading: string): string | null;
}

/** One column of the file, as it is. The first heading that the file has; others are older or newer names of it. */
export interface ColumnRule {
  readonly column: string | readonly string[];
  /** As a saved mapping says it: an order of day, month and year, or where the decimal mark stands. */
  readonly format?: string;
  /** 1 where the file names the last day and FOCUS the end, which is the day after. */
  readonly plusDays?: 1;
}

export interface ConstantRule {
  readonly const: string;
}

/** A value that several columns make together. */
export interface ComputedRule {
  /** The columns it looks at; they are not kept among the extras. */
  readonly reads: readonly string[];
  readonly from: (row: SourceRow) => string | null;
}

/** A heading alone stands for its column. */
export type Rule = string | ColumnRule | ConstantRule | ComputedRule;

/** How the rows of one kind of file become charges: plain data, and pure functions where values are computed. */
export interface Shape {
  readonly columns: Readonly<Partial<Record<FocusName, Rule>>>;
  /** The values that a column of the file may have; others are reported as `unknown_value`. */
  readonly known: Readonly<Record<string, readonly string[]>>;
}
