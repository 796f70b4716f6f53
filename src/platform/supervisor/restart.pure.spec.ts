import { describe, expect, it } from '@jest/globals';
import { failuresInARow, restartDelayMs } from './restart.pure.js';

describe('restart back-off', () => {
  it.each([
    [1, 250],
    [2, 500],
    [3, 1_000],
    [7, 16_000],
    [8, 30_000],
    [5_000, 30_000],
  ])('waits, after %i failures in a row, %i ms before jitter', (failures, delay) => {
    expect(restartDelayMs(failures, 0.5)).toBe(delay);
  });

  it('spreads by a fifth either way', () => {
    expect(restartDelayMs(1, 0)).toBe(200);
    expect(restartDelayMs(1, 0.999_999)).toBe(300);
  });

  it.each([
    { served: null, before: 4, after: 5 },
    { served: 59_999, before: 4, after: 5 },
    { served: 60_000, before: 4, after: 1 },
  ])('counts $after in a row when a context falls after $served ms of service', ({ served, before, after }) => {
    expect(failuresInARow(before, served)).toBe(after);
  });
});
