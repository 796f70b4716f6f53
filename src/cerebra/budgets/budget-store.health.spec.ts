import { describe, expect, it } from '@jest/globals';
import { HealthRegistry } from '../../platform/health/health-registry.js';
import { BudgetStoreHealth } from './budget-store.health.js';
import { GateCounts, type StoreMode } from './gate-counts.js';

async function reportOf(redisUrl: string | null, mode: StoreMode) {
  const [counts, health] = [new GateCounts(), new HealthRegistry('cerebra')];
  counts.mode = () => mode;
  expect(new BudgetStoreHealth({ redisUrl }, counts, health)).toBeDefined();
  return [await health.health(), await health.readiness()] as const;
}

describe('the store of budgets on /health', () => {
  it('is degraded, but ready, while the Redis that counts is away', async () => {
    const [health, readiness] = await reportOf('redis://localhost', 'away');
    expect(health).toMatchObject({ status: 'degraded', dependencies: { budget_store: { status: 'down' } } });
    expect(readiness).toMatchObject({ status: 'ok' });
  });

  it('is well while it answers', async () => {
    const [health] = await reportOf('redis://localhost', 'redis');
    expect(health).toMatchObject({ status: 'ok', dependencies: { budget_store: { status: 'ok' } } });
  });

  it('is not shown where budgets are counted in memory', async () => {
    const [health] = await reportOf(null, 'memory');
    expect(health.dependencies).toEqual({});
  });
});
