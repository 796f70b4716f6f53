import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { z } from 'zod';
import { OpenAiSimulator } from '../simulators/openai/simulator.js';
import { bearer, createVirtualKey, echo } from '../support/gateway-client.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { destroyProcesses, OcoProcess } from '../support/process.js';
import { describeWithRedis, openRedis, type TestRedis } from '../support/redis.js';
import { until } from '../support/until.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await destroyProcesses();
  await database.drop();
});

async function count(statement: string): Promise<number> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(statement)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

const startTwo = (environment: Readonly<Record<string, string>>): Promise<[OcoProcess, OcoProcess]> =>
  Promise.all([OcoProcess.start(environment), OcoProcess.start(environment)]);

function expectMigratedOnce(houses: readonly OcoProcess[]): void {
  const applied = houses.flatMap(({ stdout }) => [...stdout.matchAll(/: applied (\w+)/g)].map(([, name]) => name));
  expect(applied.length).toBeGreaterThan(4);
  expect(new Set(applied).size).toBe(applied.length);
}

/** The key that one of the two has made. */
function adminKeyOf(houses: readonly OcoProcess[]): string {
  const keys = houses.map(({ adminKey }) => adminKey).filter((key) => key !== '');
  expect(keys).toHaveLength(1);
  return keys[0] ?? '';
}

describe('two replicas that start at once on an empty database', () => {
  it('migrate it once, and make one admin key between them, which both accept', async () => {
    const houses = await startTwo({ DATABASE_URL: database.url });
    expectMigratedOnce(houses);
    const key = adminKeyOf(houses);
    expect(await count('SELECT 1 FROM platform.access_keys')).toBe(1);
    for (const house of houses) {
      const reply = await fetch(house.url('cerebra', '/api/v1/access-keys'), { headers: bearer(key) });
      expect(reply.status).toBe(200);
    }
    for (const house of houses) expect((await house.stop()).code).toBe(0);
  });
});

const health = z.object({ status: z.string(), dependencies: z.record(z.string(), z.object({ status: z.string() })) });
const row = z.object({ requests: z.array(z.object({ cost_usd: z.number() })) });
const budgets = z.object({
  budgets: z.array(z.object({ limit_usd: z.number(), spent_usd: z.number(), reserved_usd: z.number() })),
});

const WITHIN_MS = 1_000;
const PAID_CALLS = 10;

const chat = (key: string) => ({
  headers: bearer(key),
  body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello!' }], max_tokens: 10 }),
});

async function statusOf(house: OcoProcess, call: object): Promise<number> {
  const reply = await fetch(house.url('cerebra', '/v1/chat/completions'), { method: 'POST', ...call });
  await reply.arrayBuffer();
  return reply.status;
}

async function get<T>(house: OcoProcess, path: string, key: string, shape: z.ZodType<T>): Promise<T> {
  const reply = await fetch(house.url('cerebra', path), { headers: bearer(key) });
  return shape.parse(await reply.json());
}

describeWithRedis('two replicas that are given one PostgreSQL and one Redis', () => {
  let redis: TestRedis;
  let provider: OpenAiSimulator;
  beforeAll(async () => {
    redis = await openRedis();
    provider = await OpenAiSimulator.start();
  });
  afterAll(async () => {
    await redis.stop();
    await provider.stop();
  });

  it('are one installation: migrated once, with one set of keys, and budgets that neither can overspend', async () => {
    const houses = await startTwo({
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      OPENAI_BASE_URL: provider.baseUrl,
      OPENAI_API_KEY: 'sk-simulator',
    });
    const [here, there] = houses;
    expectMigratedOnce(houses);
    const adminKey = adminKeyOf(houses);
    for (const house of houses) {
      const report = health.parse(await (await fetch(house.url('cerebra', '/health'))).json());
      expect(report).toMatchObject({
        status: 'ok',
        dependencies: { database: { status: 'ok' }, redis: { status: 'ok' } },
      });
    }

    const rich = await createVirtualKey(here, 1_000, adminKey);
    expect(await statusOf(here, chat(rich))).toBe(200);
    await until(async () => (await statusOf(there, echo(rich))) === 200, WITHIN_MS);
    let cost = 0;
    await until(async () => {
      const { requests } = await get(there, '/api/v1/requests?provider=openai', adminKey, row);
      cost = requests[0]?.cost_usd ?? 0;
      return cost > 0;
    });

    const poor = await createVirtualKey(there, Number((PAID_CALLS * cost).toFixed(9)), adminKey);
    await until(async () => (await statusOf(here, { ...chat(poor), body: '{}' })) !== 401, WITHIN_MS);
    const before = provider.chats.length;
    const statuses = await Promise.all(
      Array.from({ length: 4 * PAID_CALLS }, (_, turn) => statusOf(turn % 2 === 0 ? here : there, chat(poor))),
    );
    // What calls at once had to keep back for each other is there for calls in turn.
    for (let turn = 0; turn < 2 * PAID_CALLS; turn++)
      statuses.push(await statusOf(turn % 2 === 0 ? here : there, chat(poor)));

    const reached = provider.chats.length - before;
    expect(reached).toBeLessThanOrEqual(PAID_CALLS);
    expect(reached).toBeGreaterThan(PAID_CALLS / 2);
    expect(statuses.filter((status) => status === 200)).toHaveLength(reached);
    expect(statuses.filter((status) => status === 429)).toHaveLength(6 * PAID_CALLS - reached);
    for (const house of houses) {
      const { budgets: all } = await get(house, '/api/v1/budgets', adminKey, budgets);
      const poorest = all.find(({ limit_usd }) => limit_usd < 1);
      expect(poorest?.reserved_usd).toBe(0);
      expect(poorest?.spent_usd).toBeCloseTo(reached * cost, 9);
    }
    for (const house of houses) expect((await house.stop()).code).toBe(0);
  });
});
