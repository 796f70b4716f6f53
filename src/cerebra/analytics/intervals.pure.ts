import type { Period } from '../../platform/http/period.js';
import { instant, type Instant } from '../../platform/time.js';

export const trendIntervals = ['hour', 'day', 'week', 'month'] as const;
export type TrendInterval = (typeof trendIntervals)[number];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The first Monday of 1970, as PostgreSQL's weeks begin on Mondays too. */
const A_MONDAY = 4 * DAY_MS;

/** When the intervals begin that a period lies in, in UTC; the first may begin before the period. */
export function intervalsOf({ from, to }: Period, interval: TrendInterval): Instant[] {
  const starts: Instant[] = [];
  for (let start = startOf(from, interval); start < to; start = next(start, interval)) starts.push(start);
  return starts;
}

/** When the interval began that a moment lies in. */
export function startOf(time: Instant, interval: TrendInterval): Instant {
  switch (interval) {
    case 'hour':
      return instant(Math.floor(time / HOUR_MS) * HOUR_MS);
    case 'day':
      return instant(Math.floor(time / DAY_MS) * DAY_MS);
    case 'week':
      return instant(Math.floor((time - A_MONDAY) / (7 * DAY_MS)) * 7 * DAY_MS + A_MONDAY);
    case 'month':
      return monthFrom(time, 0);
    default:
      return interval satisfies never;
  }
}

/** @param start of an interval */
export function next(start: Instant, interval: TrendInterval): Instant {
  switch (interval) {
    case 'hour':
      return instant(start + HOUR_MS);
    case 'day':
      return instant(start + DAY_MS);
    case 'week':
      return instant(start + 7 * DAY_MS);
    case 'month':
      return monthFrom(start, 1);
    default:
      return interval satisfies never;
  }
}

function monthFrom(time: Instant, months: number): Instant {
  const date = new Date(time);
  return instant(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1));
}
