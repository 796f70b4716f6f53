import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { z } from 'zod';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/platform/database/embedded.js';
import { OpenAiSimulator } from '../simulators/openai/simulator.js';
import { budgetedKey, budgetOfKey, priceWords } from '../support/call-storm.js';
import { makeDataDirectory } from '../support/data-directory.js';
import { freePort } from '../support/free-port.js';
import { bearer } from '../support/gateway-client.js';
import { destroyProcesses, OcoProcess } from '../support/process.js';
import { SteadyLoad } from '../support/steady-load.js';
import { until } from '../support/until.js';

const ADMIN_KEY = 'an-admin-key-for-the-outage';
const AWAY_MS = 60_000;
const SETTLING_MS = 3_000;
/** Of each of the two kinds of calls. */
const CALLS_PER_SECOND = 25;
/** A process grows in its first minute whether or not it has a database; what it keeps of calls would go on growing. */
const MOST_GROWTH = 128 * 1024 ** 2;
const MOST_LATE_GROWTH = 24 * 1024 ** 2;

let data: Awaited<ReturnType<typeof makeDataDirectory>>;
let postgres: EmbeddedPostgres;
let port: number;
let simulator: OpenAiSimulator;
let house: OcoProcess;

const startPostgres = () => startEmbeddedPostgres({ dataDir: data.path, port, log: () => undefined });

beforeAll(async () => {
  data = await makeDataDirectory();
  port = await freePort();
  postgres = await startPostgres();
  simulator = await OpenAiSimulator.start({ paceMs: 5 });
  house = await OcoProcess.start({
    OCO_ADMIN_KEY: ADMIN_KEY,
    DATABASE_URL: postgres.url,
    OPENAI_BASE_URL: simulator.baseUrl,
    OPENAI_API_KEY: 'sk-of-the-provider',
    ECONOMIST_ENABLED: 'false',
    AEGIS_ENABLED: 'false',
    CONSOLE_ENABLED: 'false',
  });
  await priceWords({ url: house.url('cerebra') }, ADMIN_KEY);
}, 60_000);

afterAll(async () => {
  await destroyProcesses();
  await simulator.stop();
  await postgres.stop();
  await data.remove();
});

/** Calls at a steady rate with a key and a budget of their own. */
async function load(stream: boolean) {
  const { id, key } = await budgetedKey({ url: house.url('cerebra') }, ADMIN_KEY, 1_000);
  const messages = [{ role: 'user', content: 'What colour is the sea?' }];
  const body = JSON.stringify({ model: 'gpt-4o', messages, stream, max_tokens: 30 });
  const calls = new SteadyLoad(
    house.url('cerebra', '/v1/chat/completions'),
    { headers: bearer(key), body },
    CALLS_PER_SECOND,
  );
  return { keyId: id, calls };
}

const memoryOf = (pid: number): number =>
  1_024 * Number(/^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

const rowShape = z.object({ id: z.string(), outcome: z.string(), cost_pico: z.coerce.bigint() });

async function query(statement: string, values: readonly unknown[]): Promise<unknown[]> {
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  try {
    const { rows }: { rows: unknown[] } = await client.query(statement, [...values]);
    return rows;
  } finally {
    await client.end();
  }
}

const rowsOf = async (keyId: string) =>
  z
    .array(rowShape)
    .parse(await query('SELECT id, outcome, cost_pico FROM cerebra.requests WHERE key_id = $1', [keyId]));

const sumsOf = async (table: string, keyId: string) =>
  z
    .tuple([z.object({ calls: z.coerce.number(), cost: z.coerce.bigint() })])
    .parse(
      await query(`SELECT sum(calls) AS calls, sum(cost_pico) AS cost FROM ${table} WHERE key_id = $1`, [keyId]),
    )[0];

const nanoUsd = (usd: number): bigint => BigInt(Math.round(usd * 1e9));

it('PostgreSQL stops for a minute under load: no call fails, memory stays bounded, and each call has one row', async () => {
  const loads = [await load(false), await load(true)];
  await sleep(SETTLING_MS);
  const atFirst = memoryOf(house.pid);
  await postgres.stop();
  await sleep(AWAY_MS / 2);
  const inTheMiddle = memoryOf(house.pid);
  await sleep(AWAY_MS / 2);
  const atLast = memoryOf(house.pid);
  expect((await fetch(house.url('cerebra', '/health/live'))).status).toBe(200);
  postgres = await startPostgres();
  await sleep(SETTLING_MS);
  for (const { calls } of loads) await calls.stop();

  expect(atLast - atFirst).toBeLessThan(MOST_GROWTH);
  expect(atLast - inTheMiddle).toBeLessThan(MOST_LATE_GROWTH);
  for (const { keyId, calls } of loads) {
    const { failures, requestIds } = calls.take();
    expect(failures).toEqual([]);
    const answered = [...requestIds].sort();
    expect(answered.length).toBeGreaterThan((AWAY_MS / 1_000) * CALLS_PER_SECOND);
    await until(async () => (await rowsOf(keyId)).length >= answered.length, 30_000);
    const rows = await rowsOf(keyId);
    expect(rows.map(({ id }) => id).sort()).toEqual(answered);
    expect(rows.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);

    const cost = rows.reduce((sum, { cost_pico }) => sum + cost_pico, 0n);
    for (const table of ['cerebra.requests_by_hour', 'cerebra.requests_by_day', 'cerebra.requests_by_month'])
      expect(await sumsOf(table, keyId)).toEqual({ calls: rows.length, cost });
    const { spent_usd, reserved_usd } = await budgetOfKey({ url: house.url('cerebra') }, ADMIN_KEY, keyId);
    expect(nanoUsd(spent_usd)).toBe(rows.reduce((sum, { cost_pico }) => sum + (cost_pico + 999n) / 1_000n, 0n));
    expect(reserved_usd).toBe(0);
  }
}, 150_000);
