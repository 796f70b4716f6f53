import { afterAll, describe } from '@jest/globals';
import { systemClock } from '../../../src/platform/time.js';
import { GateCounts } from '../../../src/cerebra/budgets/gate-counts.js';
import { MemoryBudgetGate } from '../../../src/cerebra/budgets/memory-budget-gate.js';
import { Spending } from '../../../src/cerebra/budgets/spending.js';
import { gateBehaviours, usd } from './gate-behaviours.js';
import { limitBehaviours } from './limit-behaviours.js';
import { WAIT_MS, waitingBehaviours } from './waiting-behaviours.js';

function gateThatWaits(waitMs: number): MemoryBudgetGate {
  const spending = new Spending(
    () => Promise.resolve(usd(0)),
    systemClock,
    () => undefined,
  );
  const gate = new MemoryBudgetGate(systemClock, spending, new GateCounts(), () => true, waitMs);
  afterAll(() => gate.stop());
  return gate;
}

describe('the gate of a lone process', () => {
  const gate = gateThatWaits(0);
  gateBehaviours(() => [gate, gate]);
});

describe('the gate of a lone process, with time to wait', () => {
  const gate = gateThatWaits(WAIT_MS);
  waitingBehaviours(() => [gate, gate]);
});

describe('the limits of keys in a lone process', () => {
  const gate = gateThatWaits(0);
  limitBehaviours(() => [gate, gate]);
});
