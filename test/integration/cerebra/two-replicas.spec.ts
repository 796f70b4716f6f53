import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nanoUsd } from '../../../src/cerebra/pricing/money.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { describeWithRedisServer, startRedis, type TestRedisServer } from '../../support/redis.js';
import { until } from '../../support/until.js';
import { claimOf } from './gate-behaviours.js';
import { callerWith, fillLedger, makeCall, query } from './ledger-fixture.js';
import { makeBudget, makeKey, migrateAll, startReplica, type Replica } from './replica-fixture.js';

const WITHIN_MS = 1_000;

/** Cuts every connection to a database and lets none in. @returns how to open it again */
async function shutOut(databaseUrl: string): Promise<() => Promise<void>> {
  const server = new URL(databaseUrl);
  const name = server.pathname.slice(1);
  server.pathname = '/postgres';
  const allow = (allowed: boolean) => query(server.href, `ALTER DATABASE ${name} ALLOW_CONNECTIONS ${allowed}`);
  await allow(false);
  await query(server.href, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  return async () => {
    await allow(true);
  };
}

describe('a change on one replica', () => {
  let database: TestDatabase;
  let here: Replica;
  let there: Replica;
  beforeAll(async () => {
    database = await createTestDatabase();
    await migrateAll(database.url);
    [here, there] = await Promise.all([startReplica(database.url), startReplica(database.url)]);
  });
  afterAll(async () => {
    await Promise.all([here.stop(), there.stop()]);
    await database.drop();
  });

  it('holds on the other within a second: a key is known with its budget, and refused once revoked', async () => {
    const { id, key } = await makeKey(here, { budget: { limit_usd: 1, period: 'daily' } });
    await until(() => there.keys.find(key) !== null, WITHIN_MS);
    expect(there.budgets.applicable(callerWith({ keyId: id }), 'm', 'p')).toHaveLength(1);
    await here.call('DELETE', `/api/v1/keys/${id}`);
    await until(() => there.keys.find(key) === null, WITHIN_MS);
  });

  it('holds on the other within a second: budgets made, changed and deleted', async () => {
    const known = () => there.budgets.applicable(callerWith({ orgId: 'acme' }), 'm', 'p');
    const { id } = await makeBudget(here, { scope: 'org', entity_id: 'acme' });
    await until(() => known().length === 1, WITHIN_MS);
    await here.call('PUT', `/api/v1/budgets/${id}`, { limit_usd: 3, period: 'daily' });
    await until(() => known()[0]?.limit === 3e9, WITHIN_MS);
    await here.call('DELETE', `/api/v1/budgets/${id}`);
    await until(() => known().length === 0, WITHIN_MS);
  });

  it('is missed by neither when both write at once', async () => {
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, turn) => makeKey(turn % 2 === 0 ? here : there, { name: `key ${turn}` })),
    );
    await until(() => made.every(({ key }) => here.keys.find(key) && there.keys.find(key)), WITHIN_MS);
  });

  it('waits while the database is away, with the last known state in force', async () => {
    const { id, key } = await makeKey(here);
    await until(() => there.keys.find(key) !== null, WITHIN_MS);
    const open = await shutOut(database.url);
    expect((await here.call('DELETE', `/api/v1/keys/${id}`)).status).toBeGreaterThanOrEqual(500);
    const noticed = performance.now() + WITHIN_MS;
    await until(() => {
      expect(there.keys.find(key)).not.toBeNull();
      expect(here.keys.find(key)).not.toBeNull();
      return performance.now() > noticed;
    });
    await open();
    expect((await here.call('DELETE', `/api/v1/keys/${id}`)).status).toBe(204);
    await until(() => there.keys.find(key) === null, WITHIN_MS);
  });
});

describe('the next life of a replica without Redis', () => {
  it('knows keys and budgets, and what the ledger says was spent', async () => {
    const database = await createTestDatabase();
    await migrateAll(database.url);
    const first = await startReplica(database.url);
    const { id, key } = await makeKey(first, { budget: { limit_usd: 0.0003, period: 'monthly' } });
    await first.stop();
    await fillLedger(database.url, [makeCall(1, (call) => (call.caller = callerWith({ keyId: id })))]);

    const second = await startReplica(database.url);
    const caller = second.keys.find(key);
    if (!caller) throw new Error('The key is not known any more.');
    const budgets = second.budgets.applicable(caller, 'm', 'p');
    const left = 300_000 - 151_901;
    expect(await second.gate.reserve(claimOf({ budgets, bound: nanoUsd(left + 1) }))).toMatchObject({
      kind: 'refused',
      state: { settled: 151_901 },
    });
    expect(await second.gate.reserve(claimOf({ budgets, bound: nanoUsd(left) }))).toMatchObject({ kind: 'admitted' });
    await second.stop();
    await database.drop();
  });
});

describeWithRedisServer('two replicas on one Redis', () => {
  let database: TestDatabase;
  let redis: TestRedisServer;
  let replicas: readonly Replica[];
  beforeAll(async () => {
    [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
    await migrateAll(database.url);
    replicas = await Promise.all([startReplica(database.url, redis.url), startReplica(database.url, redis.url)]);
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await Promise.all([redis.stop(), database.drop()]);
  });

  it('share one budget, and forget nothing that is in the ledger when Redis comes back empty', async () => {
    const [here, there] = replicas;
    if (!here || !there) throw new Error('There are two replicas.');
    const { id } = await makeBudget(here, { scope: 'agent', entity_id: 'shared', limit_usd: 0.001 });
    const budgetsOf = (replica: Replica) => replica.budgets.applicable(callerWith({ agentId: 'shared' }), 'm', 'p');
    await until(() => budgetsOf(there).length === 1, WITHIN_MS);
    const reserve = (replica: Replica, bound: number) =>
      replica.gate.reserve(claimOf({ budgets: budgetsOf(replica), bound: nanoUsd(bound) }));
    expect(await reserve(here, 600_000)).toMatchObject({ kind: 'admitted', remaining: 400_000 });
    expect(await reserve(there, 600_000)).toMatchObject({ kind: 'refused', state: { reserved: 600_000 } });

    await fillLedger(database.url, [makeCall(1, (call) => (call.caller = callerWith({ agentId: 'shared' })))]);
    await redis.kill();
    await redis.restart();
    await until(async () => (await there.call('GET', `/api/v1/budgets/${id}`)).status === 200);
    expect((await there.call('GET', `/api/v1/budgets/${id}`)).body).toMatchObject({
      spent_usd_exact: '0.000151901000',
    });
    // At first every replica is given time to hold again what runs there.
    await until(async () => (await reserve(there, 1_000_000)).kind !== 'unavailable');
    expect(await reserve(there, 1_000_000)).toMatchObject({
      kind: 'refused',
      state: { settled: 151_901, reserved: 600_000 },
    });
    expect(await here.metrics()).toContain('cerebra_store_mode{mode="redis",context="cerebra"} 1');
  });
});
