import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Sweep } from './sweep.js';

describe('the sweep', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it.each([
    ['an eighth of the shortest time-out', 800, 100],
    ['not more often than every 10 ms', 8, 10],
    ['not less often than twice a second', 600_000, 500],
  ])('looks after %s', (_, shortestMs, periodMs) => {
    let looks = 0;
    const sweep = new Sweep(shortestMs, () => looks++);
    sweep.start();
    jest.advanceTimersByTime(periodMs * 4 - 1);
    expect(looks).toBe(3);
    sweep.stop();
  });

  it('has one timer while it runs, however often it is started, and none when it is stopped', () => {
    const sweep = new Sweep(1_000, () => {});
    expect(jest.getTimerCount()).toBe(0);
    sweep.start();
    sweep.start();
    expect(jest.getTimerCount()).toBe(1);
    sweep.stop();
    expect(jest.getTimerCount()).toBe(0);
    sweep.start();
    expect(jest.getTimerCount()).toBe(1);
    sweep.stop();
  });
});
