import { describe, expect, it } from '@jest/globals';
import { instant } from '../time.js';
import { nextSlot } from './cron.js';

const after = (time: string) => instant(Date.parse(time));
const next = (cron: string, zone: string, time: string): string | null => {
  const slot = nextSlot(cron, zone, after(time));
  return slot === null ? null : new Date(slot).toISOString();
};

describe('the next slot of a schedule', () => {
  it.each([
    ['is strictly later', '0 2 * * *', 'UTC', '2026-03-01T02:00:00Z', '2026-03-02T02:00:00.000Z'],
    ['has no milliseconds', '*/5 * * * *', 'UTC', '2026-03-01T02:04:59.999Z', '2026-03-01T02:05:00.000Z'],
    ['knows seconds', '*/10 * * * * *', 'UTC', '2026-03-01T02:00:01Z', '2026-03-01T02:00:10.000Z'],
    ['is in its zone', '30 9 * * *', 'Asia/Kolkata', '2026-03-01T00:00:00Z', '2026-03-01T04:00:00.000Z'],
    ['follows summer time', '0 9 * * *', 'Europe/Berlin', '2026-03-29T00:00:00Z', '2026-03-29T07:00:00.000Z'],
    ['is the end of a gap', '30 2 * * *', 'Europe/Berlin', '2026-03-29T00:00:00Z', '2026-03-29T01:00:00.000Z'],
    ['also among several', '30 2,14 * * *', 'Europe/Berlin', '2026-03-29T00:00:00Z', '2026-03-29T01:00:00.000Z'],
    ['is the first of two', '30 2 * * *', 'Europe/Berlin', '2026-10-25T00:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['is not the second, too', '30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00.000Z'],
    [
      'goes on through an hour that repeats',
      '0 * * * *',
      'Europe/Berlin',
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:00:00.000Z',
    ],
    ['waits for a leap day', '0 0 29 2 *', 'UTC', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['is none when there can be none', '0 0 31 2 *', 'UTC', '2026-03-01T00:00:00Z', null],
  ])('%s', (_what, cron, zone, time, expected) => {
    expect(next(cron, zone, time)).toBe(expected);
  });

  it.each([
    ['an expression', '61 * * * *', 'UTC'],
    ['a zone', '0 2 * * *', 'Mars/Olympus'],
  ])('is refused for %s that cannot be read', (_what, cron, zone) => {
    expect(() => nextSlot(cron, zone, after('2026-03-01T00:00:00Z'))).toThrow();
  });
});
