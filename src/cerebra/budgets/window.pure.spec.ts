import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { instant, toIso } from '../../platform/time.js';
import { isTimeZone, periods, windowAt, type Period } from './window.pure.js';

const row = z.object({
  period: z.enum(periods),
  time_zone: z.string(),
  now: z.string(),
  window_start: z.string(),
  resets_at: z.string(),
});
const fieldCase = z
  .object({ windows: z.array(row).min(6) })
  .parse(JSON.parse(readFileSync('test/fixtures/cases/cerebra/20-budget-windows/expected.json', 'utf8')));

const at = (text: string) => instant(Date.parse(text));
const windowOf = (period: Period, zone: string, now: string): readonly (string | null)[] => {
  const { start, end } = windowAt(period, zone, at(now), at('2020-05-05T05:05:05Z'));
  return [toIso(start), end === null ? null : toIso(end)];
};
const long = (text: string): string => toIso(at(text));

describe('the window of a budget', () => {
  it.each(fieldCase.windows)('$period in $time_zone at $now, as reported from the field', (expected) => {
    expect(windowOf(expected.period, expected.time_zone, expected.now)).toEqual([
      long(expected.window_start),
      long(expected.resets_at),
    ]);
  });

  it.each([
    // A week begins on Monday, also when it has 167 hours.
    ['weekly', 'UTC', '2026-11-29T23:59:59.999Z', '2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z'],
    ['weekly', 'UTC', '2026-11-30T00:00:00Z', '2026-11-30T00:00:00Z', '2026-12-07T00:00:00Z'],
    ['weekly', 'Europe/Amsterdam', '2026-03-27T12:00:00Z', '2026-03-22T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['monthly', 'UTC', '2026-12-31T23:00:00Z', '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['monthly', 'America/New_York', '2026-11-15T00:00:00Z', '2026-11-01T04:00:00Z', '2026-12-01T05:00:00Z'],
    // Midnight does not exist on this day: it begins at one o'clock.
    ['daily', 'Africa/Cairo', '2026-04-24T12:00:00Z', '2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z'],
    ['daily', '+05:30', '2026-01-31T18:30:00Z', '2026-01-31T18:30:00Z', '2026-02-01T18:30:00Z'],
    ['daily', 'Pacific/Kiritimati', '2026-01-01T10:00:00Z', '2026-01-01T10:00:00Z', '2026-01-02T10:00:00Z'],
    ['hourly', 'UTC', '2026-01-01T10:59:59.999Z', '2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z'],
    ['hourly', 'Asia/Kolkata', '2026-01-01T10:15:00Z', '2026-01-01T09:30:00Z', '2026-01-01T10:30:00Z'],
    // The hour that comes twice is two windows.
    ['hourly', 'Europe/Amsterdam', '2026-10-25T01:30:00Z', '2026-10-25T01:00:00Z', '2026-10-25T02:00:00Z'],
  ] as const)('%s in %s at %s', (period, zone, now, start, end) => {
    expect(windowOf(period, zone, now)).toEqual([long(start), long(end)]);
  });

  it('of a total begins with the budget and never ends', () => {
    expect(windowOf('total', 'UTC', '2026-11-25T00:00:00Z')).toEqual(['2020-05-05T05:05:05.000Z', null]);
  });

  it.each(['America/New_York', 'Africa/Cairo', 'Pacific/Chatham', 'Asia/Kathmandu', 'UTC'])(
    'tiles the year in %s: every window begins where the last one ended and holds its own edges',
    (zone) => {
      for (const period of ['daily', 'weekly', 'monthly'] as const) {
        let window = windowAt(period, zone, at('2026-01-01T12:00:00Z'), instant(0));
        while (window.start < at('2027-01-01T12:00:00Z')) {
          const end = window.end ?? instant(0);
          expect(windowAt(period, zone, instant(end - 1), instant(0))).toEqual(window);
          const next = windowAt(period, zone, end, instant(0));
          expect(next.start).toBe(end);
          window = next;
        }
      }
    },
  );
});

it('knows which names are time zones', () => {
  expect(['UTC', 'Europe/Amsterdam', '+05:30'].every(isTimeZone)).toBe(true);
  expect(['', 'Mars/Olympus', 'UTC+1x'].some(isTimeZone)).toBe(false);
});
