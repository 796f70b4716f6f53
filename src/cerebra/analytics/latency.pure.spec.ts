import { describe, expect, it } from '@jest/globals';
import { percentile } from './latency.pure.js';

const bucketOf = (milliseconds: number): number => Math.floor(Math.log(milliseconds) / Math.log(1.1));

describe('a percentile of latencies', () => {
  it('is null where nothing was measured', () => expect(percentile(new Map(), 0.95)).toBeNull());

  it.each([0.004, 0.5, 1, 12.5, 240, 300_000])('of %d ms is at most 5 % from it', (milliseconds) => {
    const found = percentile(new Map([[bucketOf(milliseconds), 1]]), 0.95) ?? 0;
    expect(Math.abs(found / milliseconds - 1)).toBeLessThan(0.05);
  });

  it('is the first that so many do not exceed, in whatever order the buckets come', () => {
    const latencies = new Map([
      [bucketOf(1_000), 1],
      [bucketOf(10), 19],
    ]);
    expect(percentile(latencies, 0.95)).toBeCloseTo(10.33, 2);
    expect(percentile(latencies, 0.951)).toBeGreaterThan(950);
  });
});
