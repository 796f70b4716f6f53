import { describe, expect, it } from '@jest/globals';
import { asIsoTime, readIsoTime, ReadTime } from './time.pure.js';

function read(text: string): { iso: string; micros: number; hasZone: boolean } | null {
  // In the middle of other bytes, as cells are.
  const bytes = Buffer.from(`9${text}0000`);
  const time = new ReadTime();
  if (!readIsoTime(bytes, 1, bytes.length - 4, time)) return null;
  return { iso: new Date(time.micros / 1_000).toISOString(), micros: time.micros % 1_000, hasZone: time.hasZone };
}

describe('a time in ISO form', () => {
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z', true],
    ['2026-03-01T00:00Z', '2026-03-01T00:00:00.000Z', true],
    ['2026-03-01T10:20:30Z', '2026-03-01T10:20:30.000Z', true],
    ['2026-03-01 10:20:30', '2026-03-01T10:20:30.000Z', false],
    ['2026-03-01 10:20:30 UTC', '2026-03-01T10:20:30.000Z', true],
    ['2026-03-01T10:20:30.123456789Z', '2026-03-01T10:20:30.123Z', true],
    ['2026-10-25T02:00:00+02:00', '2026-10-25T00:00:00.000Z', true],
    ['2026-10-25T23:00:00-05:00', '2026-10-26T04:00:00.000Z', true],
    ['2026-10-25T23:00:00-0530', '2026-10-26T04:30:00.000Z', true],
    ['2026-10-25 23:00:00+01', '2026-10-25T22:00:00.000Z', true],
    ['2024-02-29', '2024-02-29T00:00:00.000Z', true],
  ])('%s is %s', (text, iso, hasZone) => {
    expect(read(text)).toMatchObject({ iso, hasZone });
  });

  it('keeps microseconds, which is what PostgreSQL keeps', () => {
    expect(read('2026-03-01T10:20:30.123456789Z')?.micros).toBe(456);
  });

  it.each([
    '2026-03-32T00:00:00Z',
    '2026-02-29',
    '2026-13-01',
    '2026-03-01T25:00:00Z',
    '2026-03-01T10:60:00Z',
    '2026-03-01T10:20:30.Z',
    '2026-03-01T10',
    '2026-03-01TZ',
    '2026-03-01T10:20:30+99:00',
    '2026-03-01T10:20:30ZZ',
    '2026-3-1',
    '0001-01-01',
    '9999-01-01',
    '20260301',
    'yesterday',
    '',
  ])('%j is none', (text) => {
    expect(read(text)).toBeNull();
  });
});

describe('a date as people write it', () => {
  it.each([
    ['3/13/2026', 'month-first', '2026-03-13'],
    ['13/3/2026', 'day-first', '2026-03-13'],
    ['03-02-2026', 'day-first', '2026-02-03'],
    ['03.02.2026', 'month-first', '2026-02-03'],
    ['2026/03/02', null, '2026-03-02'],
    ['20260302', null, '2026-03-02'],
    ['03/03/2026', null, '2026-03-03'],
    ['3/13/2026 9:05', 'month-first', '2026-03-13T09:05:00'],
    ['3/13/2026 12:00:00 AM', 'month-first', '2026-03-13T00:00:00'],
    ['3/13/2026 1:30 pm', 'month-first', '2026-03-13T13:30:00'],
    ['2026-03-01 0:00', null, '2026-03-01T00:00:00'],
  ] as const)('%s, %s, is %s', (text, order, iso) => {
    expect(asIsoTime(text, order)).toBe(iso);
  });

  it.each([
    ['03/02/2026', null],
    ['03/13/26', 'month-first'],
    ['3/13/2026 13:00 PM', 'month-first'],
    ['March 3, 2026', null],
    ['3/13-2026', 'month-first'],
  ] as const)('%s, %s, is none', (text, order) => {
    expect(asIsoTime(text, order)).toBeNull();
  });
});
