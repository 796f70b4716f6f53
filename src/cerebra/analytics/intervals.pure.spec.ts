import { describe, expect, it } from '@jest/globals';
import { instant, toIso } from '../../platform/time.js';
import { intervalsOf, type TrendInterval } from './intervals.pure.js';

const of = (from: string, to: string, interval: TrendInterval): string[] =>
  intervalsOf({ from: instant(Date.parse(from)), to: instant(Date.parse(to)) }, interval).map((start) => toIso(start));

describe('the intervals of a period', () => {
  it.each<[TrendInterval, string, string, string[]]>([
    ['hour', '2026-11-01T00:59:00Z', '2026-11-01T02:00:00Z', ['2026-11-01T00:00:00.000Z', '2026-11-01T01:00:00.000Z']],
    [
      'day',
      '2026-11-01T12:00:00Z',
      '2026-11-02T00:00:00.001Z',
      ['2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z'],
    ],
    // 1 November 2026 is a Sunday.
    ['week', '2026-11-01T00:00:00Z', '2026-11-09T00:00:00Z', ['2026-10-26T00:00:00.000Z', '2026-11-02T00:00:00.000Z']],
    ['month', '2026-01-31T00:00:00Z', '2026-03-01T00:00:00Z', ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z']],
  ])('by %s', (interval, from, to, expected) => expect(of(from, to, interval)).toEqual(expected));
});
