import { instant, type Instant } from '../../time.js';

/** How much time one partition holds, in UTC; weeks begin on Monday. */
export type PartitionInterval = 'day' | 'week' | 'month';

const DAY_MS = 86_400_000;

/** 1970-01-01 was a Thursday, so weeks begin 4 days after the epoch. */
const FIXED = { day: { lengthMs: DAY_MS, offsetMs: 0 }, week: { lengthMs: 7 * DAY_MS, offsetMs: 4 * DAY_MS } };

/** The beginning of the period that holds this time. */
export function periodStart(time: Instant, interval: PartitionInterval): Instant {
  if (interval === 'month') return firstOfMonth(time, 0);
  const { lengthMs, offsetMs } = FIXED[interval];
  return instant(Math.floor((time - offsetMs) / lengthMs) * lengthMs + offsetMs);
}

/** The end of the period that begins here, which is the beginning of the next. */
export function periodEnd(start: Instant, interval: PartitionInterval): Instant {
  return interval === 'month' ? firstOfMonth(start, 1) : instant(start + FIXED[interval].lengthMs);
}

function firstOfMonth(time: Instant, later: number): Instant {
  const date = new Date(time);
  return instant(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later));
}

/** The current period and those after it. */
export function periodsAhead(now: Instant, interval: PartitionInterval, ahead: number): Instant[] {
  const starts = [];
  for (let start = periodStart(now, interval); starts.length <= ahead; start = periodEnd(start, interval)) {
    starts.push(start);
  }
  return starts;
}

/** `requests` and 25 November 2025 → `requests_p20251125` */
export const partitionName = (table: string, start: Instant): string =>
  `${table}_p${new Date(start).toISOString().slice(0, 10).replaceAll('-', '')}`;

/** The other way round; null for a table that is not one of these partitions. */
export function partitionStart(table: string, name: string): Instant | null {
  const match = /^_p(\d{4})(\d{2})(\d{2})$/.exec(name.startsWith(table) ? name.slice(table.length) : '');
  if (match === null) return null;
  return instant(Date.parse(`${match[1]}-${match[2]}-${match[3]}T00:00:00Z`));
}
