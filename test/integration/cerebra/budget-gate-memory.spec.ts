import { afterAll, describe } from '@jest/globals';
import { systemClock } from '../../../src/platform/time.js';
import { GateCounts } from '../../../src/cerebra/budgets/gate-counts.js';
import { MemoryBudgetGate } from '../../../src/cerebra/budgets/memory-budget-gate.js';
import { Spending } from '../../../src/cerebra/budgets/spending.js';
import { gateBehaviours, usd } from './gate-behaviours.js';

describe('the gate of a lone process', () => {
  const spending = new Spending(
    () => Promise.resolve(usd(0)),
    systemClock,
    () => undefined,
  );
  const gate = new MemoryBudgetGate(systemClock, spending, new GateCounts(), () => true, 0);
  afterAll(() => gate.stop());
  gateBehaviours(() => [gate, gate]);
});
