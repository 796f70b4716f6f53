import { describe, expect, it } from '@jest/globals';
import { instant, toIso, type Instant } from '../../time.js';
import {
  partitionName,
  partitionStart,
  periodEnd,
  periodsAhead,
  periodStart,
  type PartitionInterval,
} from './periods.pure.js';

const at = (text: string): Instant => instant(Date.parse(text));

describe('a period', () => {
  const table: [PartitionInterval, string, string, string][] = [
    ['day', '2025-11-25T13:00:00Z', '2025-11-25', '2025-11-26'],
    ['day', '2025-11-25T00:00:00Z', '2025-11-25', '2025-11-26'],
    ['day', '1969-12-31T23:59:59Z', '1969-12-31', '1970-01-01'],
    ['week', '2025-11-25T13:00:00Z', '2025-11-24', '2025-12-01'],
    ['week', '2025-11-30T23:59:59Z', '2025-11-24', '2025-12-01'],
    ['week', '1970-01-01T00:00:00Z', '1969-12-29', '1970-01-05'],
    ['month', '2025-12-31T23:59:59Z', '2025-12-01', '2026-01-01'],
    ['month', '2024-02-29T12:00:00Z', '2024-02-01', '2024-03-01'],
  ];
  it.each(table)('of a %s that holds %s begins on %s and ends on %s', (interval, time, begins, ends) => {
    const start = periodStart(at(time), interval);
    expect(toIso(start)).toBe(`${begins}T00:00:00.000Z`);
    expect(toIso(periodEnd(start, interval))).toBe(`${ends}T00:00:00.000Z`);
  });
});

describe('partitions', () => {
  it('ahead are the current one and those after it', () => {
    const starts = periodsAhead(at('2025-12-31T12:00:00Z'), 'day', 2);
    expect(starts.map(toIso)).toEqual(['2025-12-31', '2026-01-01', '2026-01-02'].map((day) => `${day}T00:00:00.000Z`));
  });

  it('carry their first day in their name, and only they do', () => {
    const start = at('2025-11-25T00:00:00Z');
    expect(partitionName('requests', start)).toBe('requests_p20251125');
    expect(partitionStart('requests', 'requests_p20251125')).toBe(start);
    expect(partitionStart('requests', 'requests_default')).toBeNull();
    expect(partitionStart('requests', 'requests_archive_p20251125')).toBeNull();
  });
});
