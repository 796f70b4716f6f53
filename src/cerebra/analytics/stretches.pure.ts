import type { Period } from '../../platform/http/period.js';
import { instant, type Instant } from '../../platform/time.js';
import type { RollupUnit } from '../ledger/rollups.js';

/** A part of a period, and what to read it from: sums by day, sums by hour, or the rows themselves. */
export interface Stretch extends Period {
  readonly source: RollupUnit | 'row';
}

const MS: Readonly<Record<RollupUnit, number>> = { hour: 3_600_000, day: 86_400_000 };

/**
 * Cuts a period so that everything in it is read once and rows only where an hour is not wholly in it.
 * @param coarsest the largest sums that the question can do with
 * @param now nothing has begun after it, so a period that reaches beyond may be read to the end of its last day
 */
export function stretchesOf({ from, to }: Period, coarsest: RollupUnit, now: Instant): Stretch[] {
  const end = to > now ? roundUp(to, MS.day) : to;
  return cut(from, end, coarsest === 'day' ? ['day', 'hour'] : ['hour']);
}

function cut(from: Instant, to: Instant, [unit, ...finer]: readonly RollupUnit[]): Stretch[] {
  if (from >= to) return [];
  if (unit === undefined) return [{ source: 'row', from, to }];
  const first = roundUp(from, MS[unit]);
  const last = instant(Math.floor(to / MS[unit]) * MS[unit]);
  if (first >= last) return cut(from, to, finer);
  return [...cut(from, first, finer), { source: unit, from: first, to: last }, ...cut(last, to, finer)];
}

const roundUp = (time: Instant, step: number): Instant => instant(Math.ceil(time / step) * step);
