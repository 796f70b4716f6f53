import { instant, type Instant } from '../../platform/time.js';

export const periods = ['hourly', 'daily', 'weekly', 'monthly', 'total'] as const;
export type Period = (typeof periods)[number];

/** Start-inclusive, end-exclusive. */
export interface Window {
  readonly start: Instant;
  /** Null: it never ends. */
  readonly end: Instant | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** No zone is further from UTC than this. */
const WIDEST_OFFSET_MS = 15 * HOUR_MS;

/**
 * The window that holds `now`. Days, weeks (from Monday) and months are those of the calendar in `timeZone`, so a day
 * has 23 or 25 hours when the clocks change, and begins where the date changes even where midnight does not exist.
 *
 * @param createdAt where a `total` begins
 */
export function windowAt(period: Period, timeZone: string, now: Instant, createdAt: Instant): Window {
  if (period === 'total') return { start: createdAt, end: null };
  const local = localTime(now, timeZone);
  if (period === 'hourly') {
    const start = now - (((local % HOUR_MS) + HOUR_MS) % HOUR_MS);
    return { start: instant(start), end: instant(start + HOUR_MS) };
  }
  const [first, next] = dates(period, Math.floor(local / DAY_MS));
  return { start: firstInstantOf(first, timeZone), end: firstInstantOf(next, timeZone) };
}

/** Whether `Intl` knows the zone by this name. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/** First day of the period that holds `day`, and of the one after it. Days are counted from 1 January 1970. */
function dates(period: 'daily' | 'weekly' | 'monthly', day: number): readonly [number, number] {
  switch (period) {
    case 'daily':
      return [day, day + 1];
    case 'weekly': {
      // Day 0 was a Thursday, so Mondays are the days that leave 4 when divided by 7.
      const monday = day - ((((day - 4) % 7) + 7) % 7);
      return [monday, monday + 7];
    }
    case 'monthly': {
      const date = new Date(day * DAY_MS);
      const firstOf = (month: number): number => Date.UTC(date.getUTCFullYear(), month, 1) / DAY_MS;
      return [firstOf(date.getUTCMonth()), firstOf(date.getUTCMonth() + 1)];
    }
    default:
      return period satisfies never;
  }
}

/** Found by halving: needs no table of clock changes, and is exact whatever they do around midnight. */
function firstInstantOf(day: number, timeZone: string): Instant {
  let before = day * DAY_MS - WIDEST_OFFSET_MS;
  let at = day * DAY_MS + WIDEST_OFFSET_MS;
  while (at - before > 1) {
    const middle = Math.floor((before + at) / 2);
    if (Math.floor(localTime(middle, timeZone) / DAY_MS) < day) before = middle;
    else at = middle;
  }
  return instant(at);
}

/** What a clock on the wall shows, as milliseconds since it showed the start of 1970. */
function localTime(time: number, timeZone: string): number {
  const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of formatOf(timeZone).formatToParts(time)) {
    if (type in parts) Object.assign(parts, { [type]: Number(value) });
  }
  const { year, month, day, hour, minute, second } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((time % 1_000) + 1_000) % 1_000);
}

/** Kept because making one costs 50 µs. Bounded by the zones that budgets name. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  return format;
}
