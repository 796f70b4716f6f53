import { describe, expect, it } from '@jest/globals';
import { instant } from '../../platform/time.js';
import type { Caller } from '../identity/caller.js';
import { nanoUsd } from '../pricing/money.js';
import type { Budget, Scope } from './budget-gate.js';
import { BudgetIndex } from './budget-index.js';

const budgetOf = (id: string, scope: Scope, entityId: string): Budget => ({
  id,
  scope,
  entityId,
  limit: nanoUsd(1),
  period: 'daily',
  timeZone: 'UTC',
  hard: true,
  onStoreFailure: 'closed',
  createdAt: instant(0),
  countedSince: instant(0),
});

const caller: Caller = {
  keyId: 'k1',
  orgId: 'acme',
  teamId: 'search',
  agentId: 'ranker',
  userId: 'u1',
  tags: { env: 'prod', app: 'a:b' },
  allowedModels: null,
  limits: null,
  clampOutput: false,
};
const nobody: Caller = { ...caller, keyId: 'k2', orgId: null, teamId: null, agentId: null, userId: null, tags: {} };

function indexOf(...budgets: readonly Budget[]): BudgetIndex {
  const index = new BudgetIndex();
  for (const budget of budgets) index.put(budget);
  return index;
}

const ids = (budgets: readonly Budget[]): string[] => budgets.map(({ id }) => id);

describe('the budgets that cover a call', () => {
  it.each([
    ['key', 'k1'],
    ['agent', 'ranker'],
    ['user', 'u1'],
    ['team', 'search'],
    ['org', 'acme'],
    ['tag', 'env:prod'],
    ['tag', 'app:a:b'],
    ['model', 'gpt-4o'],
    ['provider', 'openai'],
  ] as const)('include those of its %s %s', (scope, entityId) => {
    const index = indexOf(budgetOf('it', scope, entityId), budgetOf('other', scope, 'another'));
    expect(ids(index.covering(caller, 'gpt-4o', 'openai'))).toEqual(['it']);
  });

  it('are all of them, several of one entity too', () => {
    const index = indexOf(
      budgetOf('day', 'org', 'acme'),
      budgetOf('month', 'org', 'acme'),
      budgetOf('model', 'model', 'gpt-4o'),
      budgetOf('own', 'key', 'k1'),
    );
    expect(ids(index.covering(caller, 'gpt-4o', 'openai')).sort()).toEqual(['day', 'model', 'month', 'own']);
    expect(ids(index.covering(caller, 'gpt-5', 'openai')).sort()).toEqual(['day', 'month', 'own']);
  });

  it('are none for a caller who belongs to nobody, even where a budget is for the text "null"', () => {
    expect(indexOf(budgetOf('null', 'team', 'null')).covering(nobody, 'gpt-4o', 'openai')).toEqual([]);
  });

  it('follow every change, for callers that were asked about before', () => {
    const index = indexOf(budgetOf('b1', 'org', 'acme'));
    expect(index.covering(caller, 'm', 'p')).toMatchObject([{ id: 'b1', limit: 1 }]);
    index.put({ ...budgetOf('b1', 'org', 'acme'), limit: nanoUsd(2) });
    expect(index.covering(caller, 'm', 'p')).toMatchObject([{ id: 'b1', limit: 2 }]);
    index.remove('b1');
    index.remove('b1');
    expect(index.covering(caller, 'm', 'p')).toEqual([]);
    expect(index.all()).toEqual([]);
  });

  it('are the same array for every call of a key, so that a call allocates nothing', () => {
    const index = indexOf(budgetOf('b1', 'org', 'acme'));
    expect(index.covering(caller, 'm', 'p')).toBe(index.covering(caller, 'n', 'q'));
  });
});
