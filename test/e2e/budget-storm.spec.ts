import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OpenAiSimulator } from '../simulators/openai/simulator.js';
import {
  budgetedKey,
  budgetOfKey,
  isKnownTo,
  priceWords,
  REPLY_USD,
  storm,
  type Gateway,
} from '../support/call-storm.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { destroyProcesses, OcoProcess } from '../support/process.js';
import { describeWithRedis, openRedis, type TestRedis } from '../support/redis.js';
import { until } from '../support/until.js';

const ADMIN_KEY = 'an-admin-key-for-the-storms';
/** A thousand connections at once are work for this machine, too; nobody is to be refused for that. */
const PATIENCE = { CEREBRA_BUDGET_WAIT_MS: '10000' };

function storms(setting: () => { gateways: readonly Gateway[]; simulator: OpenAiSimulator }): void {
  /** Calls in parallel, with a look at the budget every now and then. */
  async function run(calls: number, limitUsd: number, body: object, fields: object = {}) {
    const { gateways, simulator } = setting();
    const [first] = gateways;
    if (first === undefined) throw new Error('No gateway.');
    const { id, key } = await budgetedKey(first, ADMIN_KEY, limitUsd, fields);
    // The others know a new key within a second.
    await until(() => isKnownTo(gateways, key));
    const before = simulator.chats.length;
    const work = { done: false };
    const sampling = (async () => {
      const samples = [];
      while (!work.done) samples.push(await budgetOfKey(first, ADMIN_KEY, id));
      return samples;
    })();
    const answers = await storm(gateways, key, calls, body);
    work.done = true;
    const samples = await sampling;
    expect(samples.length).toBeGreaterThan(1);
    for (const { spent_usd, reserved_usd } of samples)
      expect(spent_usd + reserved_usd).toBeLessThanOrEqual(limitUsd + 1e-9);
    await until(async () => (await budgetOfKey(first, ADMIN_KEY, id)).reserved_usd === 0);
    const reached = simulator.chats.length - before;
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(reached);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(calls - reached);
    return { reached, answers, budget: await budgetOfKey(first, ADMIN_KEY, id) };
  }

  it('1,000 calls, each as dear as its bound, on a budget for 100: exactly 100 reach the provider', async () => {
    const { reached, budget } = await run(1_000, 100 * REPLY_USD, { max_tokens: 10 });
    expect(reached).toBe(100);
    expect(budget.spent_usd).toBeCloseTo(100 * REPLY_USD, 9);
    expect(budget.remaining_usd).toBe(0);
  }, 60_000);

  it('200 calls whose bound is three times their cost, on a budget that pays 60: 57 and more are made', async () => {
    const { reached, answers, budget } = await run(200, 60 * REPLY_USD, { max_tokens: 30 });
    expect(reached).toBeGreaterThanOrEqual(57);
    expect(reached).toBeLessThanOrEqual(60);
    expect(answers.some(({ status, waitedMs }) => status === 200 && waitedMs > 0)).toBe(true);
    expect(budget.spent_usd).toBeCloseTo(reached * REPLY_USD, 9);
    expect(budget.remaining_usd).toBeCloseTo((60 - reached) * REPLY_USD, 9);
  }, 60_000);

  it('200 calls without a limit that may be cut, on a budget that pays 60: 57 and more are made, and told so', async () => {
    const { reached, answers, budget } = await run(200, 60 * REPLY_USD, {}, { clamp_output: true });
    expect(reached).toBeGreaterThanOrEqual(57);
    for (const { status, maxOutput } of answers) if (status === 200) expect(Number(maxOutput)).toBeGreaterThan(0);
    expect(budget.spent_usd).toBeLessThanOrEqual(60 * REPLY_USD + 1e-9);
    expect(budget.reserved_usd).toBe(0);
  }, 60_000);
}

describe('a storm of calls on one process with everything embedded', () => {
  let house: OcoProcess;
  let simulator: OpenAiSimulator;
  beforeAll(async () => {
    simulator = await OpenAiSimulator.start({ paceMs: 5 });
    house = await OcoProcess.start({ ...environmentFor(simulator), ...PATIENCE });
    await priceWords({ url: house.url('cerebra') }, ADMIN_KEY);
  }, 60_000);
  afterAll(async () => {
    await destroyProcesses();
    await simulator.stop();
  });

  storms(() => ({ gateways: [{ url: house.url('cerebra') }], simulator }));
});

describeWithRedis('a storm of calls on two processes with one Redis', () => {
  let database: TestDatabase;
  let redis: TestRedis;
  let houses: readonly OcoProcess[];
  let simulator: OpenAiSimulator;
  beforeAll(async () => {
    [database, redis, simulator] = await Promise.all([
      createTestDatabase(),
      openRedis(),
      OpenAiSimulator.start({ paceMs: 5 }),
    ]);
    const shared = { DATABASE_URL: database.url, REDIS_URL: redis.url };
    const environment = { ...environmentFor(simulator), ...shared, ...PATIENCE };
    houses = await Promise.all([OcoProcess.start(environment), OcoProcess.start(environment)]);
    for (const house of houses) await priceWords({ url: house.url('cerebra') }, ADMIN_KEY);
  }, 60_000);
  afterAll(async () => {
    await destroyProcesses();
    await Promise.all([redis.stop(), database.drop(), simulator.stop()]);
  });

  storms(() => ({ gateways: houses.map((house) => ({ url: house.url('cerebra') })), simulator }));
});

const environmentFor = (simulator: OpenAiSimulator): Record<string, string> => ({
  OCO_ADMIN_KEY: ADMIN_KEY,
  OPENAI_BASE_URL: simulator.baseUrl,
  OPENAI_API_KEY: 'sk-of-the-provider',
  ECONOMIST_ENABLED: 'false',
  AEGIS_ENABLED: 'false',
  CONSOLE_ENABLED: 'false',
});
