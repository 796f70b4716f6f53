import type { Period } from '../../platform/http/period.js';
import type { Instant } from '../../platform/time.js';
import type { RollupUnit } from '../ledger/rollups.js';
import { next, startOf } from './intervals.pure.js';

/** A part of a period, and what to read it from: sums by month, day or hour, or the rows themselves. */
export interface Stretch extends Period {
  readonly source: RollupUnit | 'row';
}

const COARSEST_FIRST = ['month', 'day', 'hour'] as const;

/**
 * Cuts a period so that everything in it is read once, in as few sums as can be, and rows only where an hour is not
 * wholly in it.
 * @param coarsest the largest sums that the question can do with
 * @param now nothing has begun after it, so a period that reaches beyond may be read to the end of its day or month
 */
export function stretchesOf({ from, to }: Period, coarsest: RollupUnit, now: Instant): Stretch[] {
  const end = to > now ? roundUp(to, coarsest === 'month' ? 'month' : 'day') : to;
  return cut(from, end, COARSEST_FIRST.slice(COARSEST_FIRST.indexOf(coarsest)));
}

function cut(from: Instant, to: Instant, [unit, ...finer]: readonly RollupUnit[]): Stretch[] {
  if (from >= to) return [];
  if (unit === undefined) return [{ source: 'row', from, to }];
  const first = roundUp(from, unit);
  const last = startOf(to, unit);
  if (first >= last) return cut(from, to, finer);
  return [...cut(from, first, finer), { source: unit, from: first, to: last }, ...cut(last, to, finer)];
}

function roundUp(time: Instant, unit: RollupUnit): Instant {
  const start = startOf(time, unit);
  return start === time ? time : next(start, unit);
}
