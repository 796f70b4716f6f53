import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { Budget, BudgetGate, Reservation } from '../../../src/cerebra/budgets/budget-gate.js';
import { PREFIX } from '../../../src/cerebra/budgets/redis/store.js';
import { nanoUsd, type NanoUsd } from '../../../src/cerebra/pricing/money.js';
import { describeWithRedisServer, startRedis, type TestRedisServer } from '../../support/redis.js';
import { until } from '../../support/until.js';
import { budgetOf, claimOf, take, usd } from './gate-behaviours.js';
import { grown, replica, stopReplicas } from './redis-replica.js';

describeWithRedisServer('when an operation cannot be done', () => {
  let server: TestRedisServer;
  let redis: Redis;
  let counter: Awaited<ReturnType<typeof replica>>;
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
    redis.on('error', () => undefined);
    counter = await replica(server.url, new Map(), { leaseMs: 800, sweepMs: 200 });
  });
  afterAll(async () => {
    await stopReplicas();
    redis.disconnect();
    await server.stop();
  });

  const hold = async (budgets: readonly Budget[], bound: NanoUsd): Promise<Reservation> => {
    const reservation = await take(counter.gate, budgets, bound);
    if (!reservation) throw new Error('not admitted');
    return reservation;
  };

  it.each([6.75e18, 1e22, Number.POSITIVE_INFINITY])(
    'counts a cost of %p as the largest amount, once, and lets nothing pass after it',
    async (cost) => {
      const { gate, store } = counter;
      const budgets = [budgetOf(), budgetOf({ scope: 'team' })];
      const [small, absurd] = [await hold(budgets, usd(0.2)), await hold(budgets, usd(0.3))];
      gate.settle(small, usd(0.2), 0);
      gate.settle(absurd, nanoUsd(cost), 0);
      for (const budget of budgets) {
        await until(async () => (await gate.state(budget)).reserved === 0);
        expect(await gate.state(budget)).toMatchObject({ settled: Number.MAX_SAFE_INTEGER });
      }
      expect(await take(gate, budgets, usd(0.01))).toBeNull();
      expect(store.up).toBe(true);
    },
  );

  it('drops one that fails, and does the others of its batch', async () => {
    const { gate, store, counts } = counter;
    const [broken, sound] = [budgetOf(), budgetOf()];
    const [lost, kept] = [await hold([broken], usd(0.3)), await hold([sound], usd(0.3))];
    const [window] = await redis.keys(`${PREFIX}w:${broken.id}:*`);
    await redis.set(window ?? '', 'no hash');
    const dropped = counts.dropped;
    const refused = gate.reserve(claimOf({ budgets: [broken], bound: usd(0.1) }));
    gate.settle(lost, usd(0.1), 0);
    gate.settle(kept, usd(0.1), 0);
    expect(await take(gate, [sound], usd(0.1))).not.toBeNull();
    expect(await refused).toMatchObject({ kind: 'unavailable', by: broken });
    expect(await gate.state(sound)).toMatchObject({ settled: usd(0.1), reserved: usd(0.1) });
    expect(counts.dropped).toBe(dropped + 1);
    expect(store.up).toBe(true);
  });

  it('charges the bound of a call whose cost is no number', async () => {
    const { gate, store, counts } = counter;
    const budget = budgetOf();
    const reservation = await hold([budget], usd(0.3));
    const dropped = counts.dropped;
    gate.settle(reservation, nanoUsd(Number.NaN), 0);
    await until(async () => (await gate.state(budget)).settled === usd(0.3), 5_000);
    expect(await gate.state(budget)).toMatchObject({ reserved: 0 });
    expect(counts.dropped).toBe(dropped + 1);
    expect(store.up).toBe(true);
  });

  it('sweeps the other calls when the record of one cannot be read', async () => {
    const { gate, store } = counter;
    const [broken, sound] = [budgetOf(), budgetOf()];
    const [lost] = [await hold([broken], usd(0.3)), await hold([sound], usd(0.3))];
    await redis.del(`${PREFIX}c:${lost.callId}`);
    await redis.lpush(`${PREFIX}c:${lost.callId}`, 'no string');
    await until(async () => (await gate.state(sound)).settled === usd(0.3), 5_000);
    await until(async () => (await redis.zcard(`${PREFIX}leases`)) === 0);
    expect(store.up).toBe(true);
  });
});

describeWithRedisServer('when Redis loses what it knew while calls are running', () => {
  let server: TestRedisServer;
  let redis: Redis;
  let gates: readonly BudgetGate[];
  const spent = new Map<string, NanoUsd>();
  beforeEach(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
    redis.on('error', () => undefined);
    gates = [(await replica(server.url, spent)).gate, (await replica(server.url, spent)).gate];
  });
  afterEach(async () => {
    await stopReplicas();
    redis.disconnect();
    await server.stop();
  });

  it.each<[string, () => Promise<unknown>]>([
    ['emptied', () => redis.flushall()],
    ['restarted', () => server.kill().then(() => server.restart())],
  ])('never overspends a budget on two replicas after it was %s', async (_how, lose) => {
    const budget = budgetOf();
    const [storming, idle] = gates;
    if (!storming || !idle) throw new Error('no gates');
    const running: Reservation[] = [];
    for (let turn = 0; turn < 10; turn++) {
      const reservation = await take(turn % 2 === 0 ? storming : idle, [budget], usd(0.1));
      if (reservation) running.push(reservation);
    }
    expect(running).toHaveLength(10);
    await lose();

    // One replica hears of the loss from its calls, the other only from the first.
    const end = performance.now() + 3_000;
    const admitted: Reservation[] = [];
    await until(async () => {
      const taken = await Promise.all(Array.from({ length: 20 }, () => take(storming, [budget], usd(0.1))));
      admitted.push(...taken.filter((reservation) => reservation !== null));
      return performance.now() > end;
    }, 10_000);
    expect(admitted).toEqual([]);
    expect(await idle.state(budget)).toMatchObject({ settled: 0, reserved: usd(1) });

    for (const [turn, reservation] of running.entries()) gates[turn % 2]?.settle(reservation, usd(0.05), 0);
    await until(async () => (await idle.state(budget)).reserved === 0);
    expect(await storming.state(budget)).toMatchObject({ settled: usd(0.5) });
    expect(await take(idle, [budget], usd(0.5))).not.toBeNull();
  });

  it('asks the ledger once more about what it was asked too early, when it may have lacked the last calls', async () => {
    const [first] = gates;
    if (!first) throw new Error('no gates');
    const budget = budgetOf();
    await take(first, [budget], usd(0.1));
    await redis.flushall();
    expect(await first.state(budget)).toMatchObject({ settled: 0 });
    spent.set(budget.id, usd(0.4));
    await grown(first);
    expect(await first.state(budget)).toMatchObject({ settled: usd(0.4), reserved: usd(0.1) });
  });

  it('lets calls pass meanwhile on budgets that are open then', async () => {
    const budget = budgetOf({ onStoreFailure: 'open' });
    await redis.flushall();
    for (const gate of gates) expect(await take(gate, [budget], usd(0.1))).not.toBeNull();
  });
});
