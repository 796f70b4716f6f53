import { expect, it } from '@jest/globals';
import { instant, type Instant } from '../../platform/time.js';
import { nanoUsd } from '../pricing/money.js';
import type { Budget } from './budget-gate.js';
import { Spending } from './spending.js';

const budget: Budget = {
  id: 'b1',
  scope: 'agent',
  entityId: 'a1',
  limit: nanoUsd(1),
  period: 'daily',
  timeZone: 'UTC',
  hard: true,
  onStoreFailure: 'closed',
  createdAt: instant(0),
  countedSince: instant(0),
};

it('gives up on a ledger that does not answer, and leaves it alone for a second', async () => {
  const clock = { time: 0, now: (): Instant => instant(clock.time) };
  const failures: unknown[] = [];
  let asked = 0;
  const silence = (): Promise<never> => {
    asked += 1;
    return new Promise(() => undefined);
  };
  const spending = new Spending(silence, clock, (error) => failures.push(error), 20);
  const both = [spending.since(budget, instant(0)), spending.since(budget, instant(0))];
  expect(await Promise.all(both)).toEqual([null, null]);
  expect(await spending.since(budget, instant(0))).toBeNull();
  expect([asked, failures.length]).toEqual([1, 1]);
  clock.time = 1_000;
  expect(await spending.since(budget, instant(0))).toBeNull();
  expect(asked).toBe(2);
});
