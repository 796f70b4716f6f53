import { expect } from '@jest/globals';
import { pino } from 'pino';
import { systemClock } from '../../../src/platform/time.js';
import type { Budget, BudgetGate } from '../../../src/cerebra/budgets/budget-gate.js';
import { GateCounts } from '../../../src/cerebra/budgets/gate-counts.js';
import { RedisBudgetGate } from '../../../src/cerebra/budgets/redis-budget-gate.js';
import { Store } from '../../../src/cerebra/budgets/redis/store.js';
import { Spending } from '../../../src/cerebra/budgets/spending.js';
import type { NanoUsd } from '../../../src/cerebra/pricing/money.js';
import { until } from '../../support/until.js';
import { budgetOf, take, usd } from './gate-behaviours.js';

const log = pino({ level: 'silent' });
const stops: (() => Promise<void>)[] = [];

/** A replica: what the ledger says is in `spent`, by the budget's id. */
export async function replica(
  url: string,
  spent: Map<string, NanoUsd> = new Map(),
  { leaseMs = 60_000, sweepMs = 15_000, waitMs = 0 } = {},
) {
  const store = new Store(url, log);
  const counts = new GateCounts();
  let reads = 0;
  const read = (budget: Budget): Promise<NanoUsd> => {
    reads += 1;
    return Promise.resolve(spent.get(budget.id) ?? usd(0));
  };
  const spending = new Spending(read, systemClock, () => undefined);
  const gate = new RedisBudgetGate({ store, spending, counts, clock: systemClock, log, waitMs, leaseMs, sweepMs });
  stops.push(() => gate.stop());
  await store.opened(5_000);
  expect(store.up).toBe(true);
  return { gate, store, counts, reads: () => reads };
}

/** Stops all that were made. */
export async function stopReplicas(): Promise<void> {
  await Promise.all(stops.splice(0).map((stop) => stop()));
}

/** Waits until a new life of the store lets calls pass on budgets that close. */
export const grown = (gate: BudgetGate): Promise<void> =>
  until(async () => (await take(gate, [budgetOf()], usd(0.01))) !== null);
