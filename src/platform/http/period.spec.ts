import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { instant, toIso } from '../time.js';
import { periodFields, periodOf } from './period.js';

const NOW = instant(Date.parse('2026-03-15T10:20:30.400Z'));
const query = z.strictObject(periodFields);

const period = (from: string | undefined, to: string | undefined, now = NOW): [string, string] => {
  const settled = periodOf(query.parse({ from, to }), now);
  return [toIso(settled.from), toIso(settled.to)];
};

describe('periodOf', () => {
  it.each([
    [undefined, undefined, '2026-03-01T00:00:00.000Z', '2026-03-15T10:20:30.401Z'],
    ['2026-01-31', '2026-02-01', '2026-01-31T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
    ['2026-03-15T12:00:00+02:00', undefined, '2026-03-15T10:00:00.000Z', '2026-03-15T10:20:30.401Z'],
    [undefined, '2026-02-10', '2026-02-01T00:00:00.000Z', '2026-02-10T00:00:00.000Z'],
    [undefined, '2026-03-01', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
  ])('from %s to %s is %s to %s', (from, to, start, end) => expect(period(from, to)).toEqual([start, end]));

  it('is never empty by default, not even in the first millisecond of a month', () => {
    const midnight = instant(Date.parse('2026-04-01T00:00:00Z'));
    expect(period(undefined, undefined, midnight)[0]).toBe('2026-04-01T00:00:00.000Z');
  });

  it.each([
    ['2026-02-01', '2026-02-01'],
    ['2026-02-02', '2026-02-01'],
    ['2027-01-01', undefined],
  ])('refuses %s to %s', (from, to) => expect(() => period(from, to)).toThrow('before'));

  it.each(['2026-02-30', '2026-13-01', 'yesterday', '2026-02-01T10:00', '1767225600'])('does not read %s', (text) =>
    expect(query.safeParse({ from: text }).success).toBe(false),
  );
});
