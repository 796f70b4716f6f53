import { afterEach } from '@jest/globals';
import { instant, type Instant } from '../../src/platform/time.js';
import { nanoUsd, type NanoUsd } from '../../src/cerebra/pricing/money.js';
import type { Budget, Claim } from '../../src/cerebra/budgets/budget-gate.js';
import { GateCounts } from '../../src/cerebra/budgets/gate-counts.js';
import { MemoryBudgetGate } from '../../src/cerebra/budgets/memory-budget-gate.js';
import { Spending, type ReadSpent } from '../../src/cerebra/budgets/spending.js';

export const START = Date.parse('2026-11-25T10:00:00Z');
export const usd = (amount: number): NanoUsd => nanoUsd(amount * 1e9);

export const budgetOf = (fields: Partial<Budget> = {}): Budget => ({
  id: 'b1',
  scope: 'agent',
  entityId: 'a1',
  limit: usd(10),
  period: 'daily',
  timeZone: 'UTC',
  hard: true,
  onStoreFailure: 'closed',
  createdAt: instant(START - 86_400_000),
  countedSince: instant(START - 86_400_000),
  ...fields,
});

export const claimOf = (callId: string, budgets: readonly Budget[], bound: NanoUsd): Claim => ({
  callId,
  budgets,
  bound,
  least: bound,
  rate: null,
  abandoned: () => false,
});

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

export function gateAt(
  startedAt: number,
  read: ReadSpent = () => Promise.resolve(usd(0)),
  known = new Set(['b1', 'b2']),
) {
  const clock = {
    time: startedAt,
    now(): Instant {
      return instant(this.time);
    },
  };
  const counts = new GateCounts();
  const spending = new Spending(read, clock, () => undefined);
  const gate = new MemoryBudgetGate(clock, spending, counts, (id) => known.has(id), 0);
  stops.push(() => gate.stop());
  return { gate, clock, counts, known };
}

/** Before the day began: nothing needs to be read from the ledger after that. */
export const before = START - 11 * 3_600_000;

export function awake() {
  const made = gateAt(before);
  made.clock.time = START;
  return made;
}

export async function take(gate: MemoryBudgetGate, callId: string, budgets: readonly Budget[], bound: NanoUsd) {
  const admission = await gate.reserve(claimOf(callId, budgets, bound));
  return admission.kind === 'admitted' ? admission.reservation : null;
}
