import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { systemClock } from '../../../src/platform/time.js';
import type { GateCounts } from '../../../src/cerebra/budgets/gate-counts.js';
import type { RedisBudgetGate } from '../../../src/cerebra/budgets/redis-budget-gate.js';
import { PREFIX, type Store } from '../../../src/cerebra/budgets/redis/store.js';
import type { NanoUsd } from '../../../src/cerebra/pricing/money.js';
import {
  describeWithRedis,
  describeWithRedisServer,
  openRedis,
  startRedis,
  type TestRedis,
  type TestRedisServer,
} from '../../support/redis.js';
import { until } from '../../support/until.js';
import { budgetOf, claimOf, gateBehaviours, take, usd } from './gate-behaviours.js';
import { limitBehaviours } from './limit-behaviours.js';
import { WAIT_MS, waitingBehaviours } from './waiting-behaviours.js';
import { grown, replica, stopReplicas } from './redis-replica.js';

describeWithRedis('the gate on Redis, seen by two replicas', () => {
  let server: TestRedis;
  let first: Awaited<ReturnType<typeof replica>>;
  let second: Awaited<ReturnType<typeof replica>>;
  let redis: Redis;
  const spent = new Map<string, NanoUsd>();

  beforeAll(async () => {
    server = await openRedis();
    redis = new Redis(server.url);
    redis.on('error', () => undefined);
    first = await replica(server.url, spent, { leaseMs: 800, sweepMs: 200 });
    second = await replica(server.url, spent, { leaseMs: 800, sweepMs: 200 });
  });
  afterAll(async () => {
    await stopReplicas();
    redis.disconnect();
    await server.stop();
  });

  gateBehaviours(() => [first.gate, second.gate]);

  it('leaves no key behind for a call that was settled, and lets windows expire', async () => {
    const budget = budgetOf();
    const reservation = await take(first.gate, [budget], usd(0.1));
    if (!reservation) throw new Error('not admitted');
    first.gate.settle(reservation, usd(0.05), 0);
    await until(async () => (await second.gate.state(budget)).reserved === 0);
    expect(await redis.keys(`${PREFIX}c:${reservation.callId}`)).toEqual([]);
    const [window] = await redis.keys(`${PREFIX}w:${budget.id}:*`);
    const ttl = await redis.pttl(window ?? '');
    expect(ttl).toBeGreaterThan(86_400_000 - 1_000);
    expect(ttl).toBeLessThanOrEqual(2 * 86_400_000);
  });

  it('charges the calls of a replica that is gone their bound, and corrects one that ends after all', async () => {
    const budget = budgetOf();
    const reservation = await take(first.gate, [budget], usd(0.5));
    if (!reservation) throw new Error('not admitted');
    await until(async () => (await second.gate.state(budget)).settled === usd(0.5), 5_000);
    expect(first.counts.lost + second.counts.lost).toBeGreaterThanOrEqual(1);
    first.gate.settle(reservation, usd(0.2), 0);
    await until(async () => (await second.gate.state(budget)).settled === usd(0.2));
    expect(await second.gate.state(budget)).toMatchObject({ reserved: 0 });
  });

  it('frees the place of a call whose replica is gone, and keeps its tokens as they were estimated', async () => {
    const limits = { rpm: null, tpm: 1_000_000, parallel: 1 };
    const rate = { keyId: randomUUID(), limits, tokens: 400_000 };
    const ask = (gate: RedisBudgetGate) => gate.reserve(claimOf({ bound: usd(0), rate }));
    expect(await ask(first.gate)).toMatchObject({ kind: 'admitted' });
    expect(await ask(second.gate)).toMatchObject({ kind: 'limited', shortage: { by: 'parallel' } });
    let again = await ask(second.gate);
    await until(async () => (again = await ask(second.gate)).kind === 'admitted', 5_000);
    const left = again.kind === 'admitted' ? again.allowances?.tokens?.remaining : 0;
    expect(left).toBeGreaterThanOrEqual(200_000);
    expect(left).toBeLessThan(400_000);
  });

  it('keeps the reservation of a call that runs for longer than a lease', async () => {
    const budget = budgetOf();
    const reservation = await take(first.gate, [budget], usd(0.5));
    if (!reservation) throw new Error('not admitted');
    const end = performance.now() + 2_000;
    await until(() => {
      first.gate.renew([reservation]);
      return performance.now() > end;
    });
    expect(await second.gate.state(budget)).toMatchObject({ settled: 0, reserved: usd(0.5) });
    first.gate.settle(reservation, usd(0), 0);
  });

  it('settles what a replica that crashed left behind, when its next life says what became of it', async () => {
    const budget = budgetOf();
    const callId = randomUUID();
    await take(first.gate, [budget], usd(0.5), callId);
    second.gate.settle({ callId, bound: usd(0.5), holds: [] }, usd(0.3), 0);
    await until(async () => (await second.gate.state(budget)).settled === usd(0.3));
    expect(await second.gate.state(budget)).toMatchObject({ reserved: 0 });
  });

  it('begins a budget that is made in the middle of its window with what the ledger knows, once', async () => {
    const budget = budgetOf({ createdAt: systemClock.now(), countedSince: systemClock.now(), period: 'monthly' });
    spent.set(budget.id, usd(0.9));
    const before = first.reads() + second.reads();
    const calls = [first, second, first, second].map(({ gate }) => take(gate, [budget], usd(0.04)));
    expect((await Promise.all(calls)).filter(Boolean)).toHaveLength(2);
    expect(first.reads() + second.reads() - before).toBeLessThanOrEqual(2);
  });

  it('forgets nothing that was spent when Redis is emptied, and holds again what is still running', async () => {
    const budget = budgetOf();
    const [running, ended] = [await take(first.gate, [budget], usd(0.3)), await take(first.gate, [budget], usd(0.2))];
    if (!running || !ended) throw new Error('not admitted');
    first.gate.settle(ended, usd(0.2), 0);
    await until(async () => (await second.gate.state(budget)).settled === usd(0.2));
    spent.set(budget.id, usd(0.2));
    await redis.flushdb();
    expect(await second.gate.state(budget)).toMatchObject({ settled: usd(0.2) });
    await until(async () => (await second.gate.state(budget)).reserved === usd(0.3));
    first.gate.settle(running, usd(0.1), 0);
    first.gate.settle(ended, usd(0.2), 0);
    await until(async () => (await second.gate.state(budget)).reserved === 0);
    expect(await second.gate.state(budget)).toMatchObject({ settled: usd(0.3), reserved: 0 });
  });

  it('adds the cost of a call that Redis lost and that ended after the ledger was read', async () => {
    const budget = budgetOf();
    await grown(first.gate);
    const running = await take(first.gate, [budget], usd(0.3));
    if (!running) throw new Error('not admitted');
    await redis.flushdb();
    expect(await second.gate.state(budget)).toMatchObject({ settled: 0 });
    first.gate.settle(running, usd(0.1), 0);
    await until(async () => (await second.gate.state(budget)).settled > 0);
    expect(await second.gate.state(budget)).toMatchObject({ settled: usd(0.1), reserved: 0 });
  });

  it('compares with the ledger again when another server took over, which may lack the latest counts', async () => {
    const budget = budgetOf();
    await grown(first.gate);
    await take(first.gate, [budget], usd(0.1));
    spent.set(budget.id, usd(0.7));
    await redis.set(`${PREFIX}epoch`, `${Date.now()}:anotherserver`);
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await until(() => !first.store.up || !second.store.up);
    await until(() => first.store.up && second.store.up);
    expect(await second.gate.state(budget)).toMatchObject({ settled: usd(0.7), reserved: usd(0.1) });
    await grown(second.gate);
    expect(await take(second.gate, [budget], usd(0.3))).toBeNull();
    expect(await take(first.gate, [budget], usd(0.2))).not.toBeNull();
  });
});

describeWithRedis('calls that wait on two replicas, and the limits of keys', () => {
  let server: TestRedis;
  let gates: readonly [RedisBudgetGate, RedisBudgetGate];
  beforeAll(async () => {
    server = await openRedis();
    const [first, second] = [
      await replica(server.url, new Map(), { waitMs: WAIT_MS }),
      await replica(server.url, new Map(), { waitMs: WAIT_MS }),
    ];
    gates = [first.gate, second.gate];
  });
  afterAll(async () => {
    await stopReplicas();
    await server.stop();
  });

  waitingBehaviours(() => gates);
  limitBehaviours(() => gates);
});

describeWithRedisServer('calls that wait when Redis goes away', () => {
  it('are answered as their budget says', async () => {
    const server = await startRedis();
    const { gate, store } = await replica(server.url, new Map(), { waitMs: 30_000 });
    const [closed, open] = [budgetOf(), budgetOf({ onStoreFailure: 'open' })];
    for (const budget of [closed, open]) await take(gate, [budget], usd(1));
    const waiting = [closed, open].map(async (budget) => gate.reserve(claimOf({ budgets: [budget], bound: usd(0.5) })));
    await server.kill();
    await until(() => !store.up);
    expect(await Promise.all(waiting)).toMatchObject([{ kind: 'unavailable', by: closed }, { kind: 'admitted' }]);
    await stopReplicas();
    await server.stop();
  });
});

describeWithRedisServer('while Redis is away', () => {
  let server: TestRedisServer;
  let redis: Redis;
  let gate: RedisBudgetGate;
  let store: Store;
  let counts: GateCounts;
  beforeEach(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
    redis.on('error', () => undefined);
    ({ gate, store, counts } = await replica(server.url));
  });
  afterEach(async () => {
    await stopReplicas();
    redis.disconnect();
    await server.stop();
  });

  it('answers in under 5 ms as each budget says, and counts later what was let through', async () => {
    const closed = budgetOf();
    const open = budgetOf({ onStoreFailure: 'open' });
    const running = await take(gate, [closed, open], usd(0.2));
    expect(counts.mode()).toBe('redis');

    await server.kill();
    await until(() => !store.up);
    expect(counts.mode()).toBe('away');
    const times: number[] = [];
    for (let turn = 0; turn < 50; turn++) {
      const began = performance.now();
      const admission = await gate.reserve(claimOf({ budgets: [open, closed], bound: usd(0.1) }));
      times.push(performance.now() - began);
      expect(admission).toMatchObject({ kind: 'unavailable', by: closed });
    }
    expect(times.sort((a, b) => a - b)[Math.floor(times.length / 2)]).toBeLessThan(5);
    const letThrough = await take(gate, [open], usd(0.3));
    if (!letThrough || !running) throw new Error('not admitted');
    gate.settle(letThrough, usd(0.25), 0);
    gate.settle(running, usd(0.15), 0);
    await expect(gate.state(open)).rejects.toMatchObject({ spec: { code: 'service_unavailable' } });

    await server.restart();
    await until(() => store.up);
    await until(async () => (await gate.state(open)).settled === usd(0.4));
    expect(await gate.state(closed)).toMatchObject({ settled: usd(0.15), reserved: 0 });
  });

  it('does not wait for one that is silent, and gives back what a question without an answer held', async () => {
    const budget = budgetOf();
    const callId = randomUUID();
    await take(gate, [budget], usd(0));
    const done: string[] = [];
    const monitor = await redis.monitor();
    monitor.on('monitor', (_time: string, words: readonly string[]) => void done.push(words.join(' ')));
    // Busy for most of a second; it then does what it was sent meanwhile, also by those that hung up.
    const redisIs = { busy: true };
    const busy = redis.eval('for turn = 1, 2e8 do end', 0).finally(() => (redisIs.busy = false));
    expect(await gate.reserve(claimOf({ callId, budgets: [budget], bound: usd(0.4) }))).toMatchObject({
      kind: 'unavailable',
    });
    expect(store.up).toBe(false);
    const again = performance.now();
    expect(await gate.reserve(claimOf({ budgets: [budget], bound: usd(0.4) }))).toMatchObject({ kind: 'unavailable' });
    expect(performance.now() - again).toBeLessThan(5);
    expect(redisIs.busy).toBe(true);

    await busy;
    await until(() => store.up);
    await until(() => done.some((words) => words.startsWith(`SET ${PREFIX}c:${callId} h`)));
    await until(async () => (await gate.state(budget)).reserved === 0);
    monitor.disconnect();
  });
});
