import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { Call } from '../../../src/cerebra/gateway/call.js';
import { dropSumsBefore } from '../../../src/cerebra/ledger/expired-sums.js';
import { INSERT_STAGED, RequestsStore, STAGING } from '../../../src/cerebra/ledger/requests-store.js';
import { endedRow } from '../../../src/cerebra/ledger/row.pure.js';
import { createDataSource } from '../../../src/platform/database/data-source.js';
import { instant } from '../../../src/platform/time.js';
import { revert } from '../../../src/platform/database/migrator.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { startTimescale } from '../../support/timescale.js';
import { cerebraStorage, fillLedger, migrateCerebra, query } from './ledger-fixture.js';
import { randomCalls, randomFrom } from './random-calls.js';

/** How much of an ISO timestamp tells the unit, and what completes it to its start. */
const UNITS = { hour: [13, ':00:00.000Z'], day: [10, 'T00:00:00.000Z'], month: [7, '-01T00:00:00.000Z'] } as const;
type Unit = keyof typeof UNITS;

function startOf(time: number, unit: Unit): string {
  const [length, rest] = UNITS[unit];
  return new Date(time).toISOString().slice(0, length) + rest;
}

const FROM = Date.UTC(2026, 9, 30, 20);
const TO = Date.UTC(2026, 10, 1, 3);

interface Sums {
  calls: number;
  cost_pico: bigint;
  estimated_cost_pico: bigint;
  tokens: number;
  latency_us: number;
  latencies: Record<string, number>;
}

const sortedTags = (tags: Readonly<Record<string, string>>): string[][] =>
  Object.entries(tags).toSorted(([left], [right]) => left.localeCompare(right));

/** What tells sums apart. */
function keyOf(call: Call, unit: Unit): string {
  const { caller } = call;
  return JSON.stringify([
    startOf(call.startedAt, unit),
    [call.provider, call.model, caller?.orgId ?? null, caller?.teamId ?? null, caller?.agentId ?? null],
    [caller?.userId ?? null, caller?.keyId ?? null, call.status === 0 ? null : call.status, call.outcome],
    sortedTags(caller?.tags ?? {}),
  ]);
}

/** The sums as anyone would work them out. */
function expected(calls: readonly Call[], unit: Unit): Map<string, Sums> {
  const all = new Map<string, Sums>();
  for (const call of calls) {
    const key = keyOf(call, unit);
    const sums = all.get(key) ?? {
      calls: 0,
      cost_pico: 0n,
      estimated_cost_pico: 0n,
      tokens: 0,
      latency_us: 0,
      latencies: {},
    };
    all.set(key, sums);
    sums.calls += 1;
    sums.cost_pico += call.cost;
    if (call.estimated) sums.estimated_cost_pico += call.cost;
    sums.tokens += call.usage.input + call.usage.output;
    if (call.latencyMs < 0) continue;
    sums.latency_us += Math.round(call.latencyMs * 1_000);
    const bucket = Math.floor(Math.log(call.latencyMs) / Math.log(1.1));
    sums.latencies[bucket] = (sums.latencies[bucket] ?? 0) + 1;
  }
  return all;
}

interface Stored {
  start: Date;
  provider: string;
  model: string;
  org_id: string | null;
  team_id: string | null;
  agent_id: string | null;
  user_id: string | null;
  key_id: string | null;
  status_code: number | null;
  outcome: string;
  tags: Record<string, string>;
  calls: string;
  cost_pico: string;
  estimated_cost_pico: string;
  tokens: string;
  latency_us: string;
  latency_buckets: number[];
  latency_calls: string[];
}

async function stored(url: string, unit: Unit): Promise<Map<string, Sums>> {
  const rows = await query<Stored>(
    url,
    `SELECT *, prompt_tokens + output_tokens AS tokens FROM cerebra.requests_by_${unit}`,
  );
  const all = new Map<string, Sums>();
  for (const row of rows) {
    const key = JSON.stringify([
      row.start.toISOString(),
      [row.provider, row.model, row.org_id, row.team_id, row.agent_id],
      [row.user_id, row.key_id, row.status_code, row.outcome],
      sortedTags(row.tags),
    ]);
    // Two rows with the same key would be one too many.
    expect(all.has(key)).toBe(false);
    all.set(key, {
      calls: Number(row.calls),
      cost_pico: BigInt(row.cost_pico),
      estimated_cost_pico: BigInt(row.estimated_cost_pico),
      tokens: Number(row.tokens),
      latency_us: Number(row.latency_us),
      latencies: Object.fromEntries(row.latency_buckets.map((bucket, at) => [bucket, Number(row.latency_calls[at])])),
    });
  }
  return all;
}

async function expectSumsOf(url: string, calls: readonly Call[]): Promise<void> {
  for (const unit of ['hour', 'day', 'month'] as const) expect(await stored(url, unit)).toEqual(expected(calls, unit));
}

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
  await migrateCerebra(database.url);
});
afterEach(() => database.drop());

describe('the sums of the ledger', () => {
  it.each([1, 2, 3, 6])(
    'count every row once, however often and by whichever replica it comes (seed %i)',
    async (seed) => {
      const calls = randomCalls(600, FROM, TO, seed);
      const random = randomFrom(seed + 100);
      const anyOf = (): Buffer => Buffer.from(endedRow(calls[Math.floor(random() * calls.length)]!));
      const replica = async (own: readonly Call[]): Promise<void> => {
        const store = new RequestsStore(database.url);
        for (let start = 0; start < own.length; start += 50) {
          const batch = own.slice(start, start + 50).map((call) => Buffer.from(endedRow(call)));
          // Rows of this batch, of earlier and later ones, and of the other replica.
          await store.insert([...batch, ...Array.from({ length: 20 }, anyOf)]);
        }
        await store.close();
      };
      await Promise.all([replica(calls.slice(0, 300)), replica(calls.slice(300))]);
      await expectSumsOf(database.url, calls);
    },
  );

  it('have nothing of a batch that failed', async () => {
    const calls = randomCalls(10, FROM, TO, 4);
    const store = new RequestsStore(database.url);
    const broken = Buffer.from(endedRow(calls[0]!).replace('openai', 'openai\tone column too many'));
    await expect(store.insert([Buffer.from(endedRow(calls[1]!)), broken])).rejects.toThrow('extra data');
    await store.close();
    await expectSumsOf(database.url, []);
    await fillLedger(database.url, calls);
    await expectSumsOf(database.url, calls);
  });

  it('are made of the rows that were there before them, and go on from there', async () => {
    const calls = randomCalls(300, FROM, TO, 5);
    await fillLedger(database.url, calls.slice(0, 200));
    let reverted: string | null = null;
    while (reverted !== 'CreateRollups1764000000800') reverted = await revert(database.url, cerebraStorage);
    await migrateCerebra(database.url);
    await expectSumsOf(database.url, calls.slice(0, 200));
    await fillLedger(database.url, calls);
    await expectSumsOf(database.url, calls);
  });

  it('by month are made of the days that were there before them, and go on from there', async () => {
    const calls = randomCalls(300, FROM, TO, 7);
    await fillLedger(database.url, calls.slice(0, 200));
    let reverted: string | null = null;
    while (reverted !== 'CreateMonthlyRollup1764000001300') reverted = await revert(database.url, cerebraStorage);
    await migrateCerebra(database.url);
    await expectSumsOf(database.url, calls.slice(0, 200));
    await fillLedger(database.url, calls);
    await expectSumsOf(database.url, calls);
  });

  it('of a month that is forgotten in part are those of the days that are left', async () => {
    const calls = randomCalls(300, FROM, TO, 8);
    await fillLedger(database.url, calls);
    const before = Date.UTC(2026, 9, 31);
    const storage = { schema: 'cerebra', entities: [], migrations: [] };
    const dataSource = await createDataSource({ url: database.url, name: 'cerebra', storage }).initialize();
    await dropSumsBefore(dataSource, instant(before));
    await expectSumsOf(
      database.url,
      calls.filter(({ startedAt }) => startedAt >= before),
    );
    await dropSumsBefore(dataSource, instant(Date.UTC(2026, 10, 1)));
    await dataSource.destroy();
    await expectSumsOf(
      database.url,
      calls.filter(({ startedAt }) => startedAt >= Date.UTC(2026, 10, 1)),
    );
  });

  it('are the same on TimescaleDB', async () => {
    const timescale = await startTimescale();
    try {
      await migrateCerebra(timescale.url);
      const calls = randomCalls(300, FROM, TO, 14);
      // The compiled one takes no COPY, which is all that this does otherwise than the ledger's writer.
      const insert = (some: readonly Call[]) =>
        inOrder(timescale.url, [
          'BEGIN',
          STAGING,
          `INSERT INTO ledger_staging VALUES ${some.map(valuesOf).join(', ')}`,
          INSERT_STAGED,
          'COMMIT',
        ]);
      await insert(calls.slice(0, 200));
      await insert(calls.slice(100));
      await expectSumsOf(timescale.url, calls);
    } finally {
      await timescale.stop();
    }
  });
});

const valuesOf = (call: Call): string => {
  const values = endedRow(call).trimEnd().split('\t');
  return `(${values.map((value) => (value === '\\N' ? 'NULL' : `'${value}'`)).join(', ')})`;
};

async function inOrder(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
