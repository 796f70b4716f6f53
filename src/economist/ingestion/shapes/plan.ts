import { AppError } from '../../../platform/errors/app-error.js';
import { focusColumns, type FocusName } from '../../charges/focus-columns.js';
import { economistErrors } from '../../economist.errors.js';
import { Headings } from './headings.pure.js';
import type { ComputedRule, Rule, Shape, SourceRow } from './shape.js';

/** Where a value comes from. */
export type Origin =
  | { readonly kind: 'column'; readonly column: number; readonly format: string | null; readonly plusDays: number }
  | { readonly kind: 'constant'; readonly value: string }
  | { readonly kind: 'computed'; readonly from: (row: SourceRow) => string | null };

export interface Target {
  readonly name: FocusName;
  /** As the file names it, for reports. */
  readonly heading: string;
  readonly origin: Origin;
}

/** A shape, applied to the headings that a file really has. */
export interface Plan {
  readonly targets: readonly Target[];
  /** Columns that FOCUS has no place for. */
  readonly own: readonly { readonly heading: string; readonly column: number }[];
  readonly checked: readonly { readonly heading: string; readonly column: number; readonly known: readonly string[] }[];
  readonly headings: Headings;
}

const REQUIRED = ['BilledCost', 'BillingCurrency', 'ChargePeriodStart'] as const satisfies readonly FocusName[];

/** @throws {AppError} where the file has no column for what every charge needs: then it is another kind of file */
export function planFor(shape: Shape, names: readonly string[]): Plan {
  const headings = new Headings(names);
  const targets = focusNames.flatMap((name) => {
    const rule = shape.columns[name];
    const target = rule === undefined ? null : targetOf(name, rule, headings);
    return target === null ? [] : [target];
  });
  const lacking = REQUIRED.filter((name) => !targets.some((target) => target.name === name));
  if (lacking.length > 0) throw lacks(lacking, shape, names);

  const used = new Set(targets.flatMap((target) => columnsOf(shape.columns[target.name], headings)));
  const own = names
    .map((heading, column) => ({ heading, column }))
    .filter(({ heading, column }) => heading !== '' && !used.has(column));
  const checked = Object.entries(shape.known).flatMap(([name, known]) => {
    const column = headings.find([name]);
    return column === null ? [] : [{ heading: names[column] ?? name, column, known }];
  });
  return { targets, own: distinct(own), checked, headings };
}

const focusNames = Object.keys(focusColumns).filter(isFocusName);

function isFocusName(name: string): name is FocusName {
  return name in focusColumns;
}

function targetOf(name: FocusName, rule: Rule, headings: Headings): Target | null {
  if (typeof rule === 'string') return targetOf(name, { column: rule }, headings);
  if ('const' in rule) return { name, heading: name, origin: { kind: 'constant', value: rule.const } };
  if ('from' in rule) return computedTarget(name, rule, headings);
  const column = headings.find([rule.column].flat());
  if (column === null) return null;
  const { format = null, plusDays = 0 } = rule;
  return { name, heading: headings.all[column] ?? name, origin: { kind: 'column', column, format, plusDays } };
}

/** Not computed where the file has none of the columns that it looks at. */
function computedTarget(name: FocusName, rule: ComputedRule, headings: Headings): Target | null {
  const first = rule.reads.map((heading) => headings.find([heading])).find((column) => column !== null);
  if (first === undefined || first === null) return null;
  return { name, heading: headings.all[first] ?? name, origin: { kind: 'computed', from: rule.from } };
}

function columnsOf(rule: Rule | undefined, headings: Headings): number[] {
  if (rule === undefined || (typeof rule === 'object' && 'const' in rule)) return [];
  if (typeof rule === 'object' && 'from' in rule) return rule.reads.flatMap((name) => headings.find([name]) ?? []);
  return [headings.find([typeof rule === 'string' ? rule : rule.column].flat()) ?? []].flat();
}

/** Of columns with the same heading the first, for a JSON object holds one. */
function distinct(own: Plan['own']): Plan['own'] {
  const seen = new Set<string>();
  return own.filter(({ heading }) => !seen.has(heading) && seen.add(heading));
}

function lacks(lacking: readonly FocusName[], shape: Shape, names: readonly string[]): AppError {
  const wanted = lacking.map((name) => {
    const rule = shape.columns[name];
    const column =
      typeof rule === 'string' ? rule : rule !== undefined && 'column' in rule ? [rule.column].flat()[0] : name;
    return column === name || column === undefined ? name : `${column} (${name})`;
  });
  const found = names.slice(0, 8).map((name) => name.slice(0, 60));
  return new AppError(
    economistErrors.fileUnreadable,
    `The file has no column for ${wanted.join(', ')}; it begins with ${found.join(', ')}. ` +
      'Check that it is the report that the source expects, or give a mapping.',
    { missing: lacking },
  );
}
