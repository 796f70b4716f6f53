import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { cerebraMigrations } from '../../../migrations/cerebra/index.js';
import { spentSince } from '../../../src/cerebra/ledger/spent.repository.js';
import { createDataSource } from '../../../src/platform/database/data-source.js';
import { instant } from '../../../src/platform/time.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { startTimescale } from '../../support/timescale.js';
import { picoUsd } from '../../../src/cerebra/pricing/money.js';
import { callerWith, fillLedger, makeCall, migrateCerebra, query } from './ledger-fixture.js';

/** Names, numbers, flags. A column that could hold a prompt or a reply has no place here. */
const ALLOWED = [
  'agent_id text',
  'audio_cache_read_tokens bigint',
  'audio_input_tokens bigint',
  'audio_output_tokens bigint',
  'cache_hit boolean',
  'cache_read_tokens bigint',
  'cache_write_1h_tokens bigint',
  'cache_write_5m_tokens bigint',
  'cache_write_tokens bigint',
  'cost_pico bigint',
  'estimated boolean',
  'fallback_from text',
  'id uuid',
  'image_input_tokens bigint',
  'image_output_tokens bigint',
  'input_tokens bigint',
  'key_id text',
  'latency_ms double precision',
  'model text',
  'org_id text',
  'outcome text',
  'output_tokens bigint',
  'price_version text',
  'provider text',
  'reasoning_tokens bigint',
  'refusal text',
  'requested_model text',
  'retries smallint',
  'route text',
  'savings_pico bigint',
  'status_code smallint',
  'stream boolean',
  'tags jsonb',
  'team_id text',
  'tier text',
  'time timestamp with time zone',
  'ttfb_ms double precision',
  'user_id text',
  'web_searches integer',
];

async function columnsOf(url: string): Promise<string[]> {
  const rows = await query<{ column: string }>(
    url,
    `SELECT column_name || ' ' || data_type AS column FROM information_schema.columns
     WHERE table_schema = 'cerebra' AND table_name = 'requests' ORDER BY column_name`,
  );
  return rows.map(({ column }) => column);
}

let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrateCerebra(database.url);
  const storage = { schema: 'cerebra', entities: [], migrations: cerebraMigrations };
  dataSource = await createDataSource({ url: database.url, name: 'cerebra', storage }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

describe('the table of requests', () => {
  it('has no column that can hold content', async () => {
    expect(await columnsOf(database.url)).toEqual(ALLOWED);
  });

  it('is the same on TimescaleDB', async () => {
    const timescale = await startTimescale();
    try {
      await migrateCerebra(timescale.url);
      expect(await columnsOf(timescale.url)).toEqual(ALLOWED);
      const [hypertable] = await query(
        timescale.url,
        'SELECT hypertable_name FROM timescaledb_information.hypertables',
      );
      expect(hypertable).toEqual({ hypertable_name: 'requests' });
    } finally {
      await timescale.stop();
    }
  });
});

describe('what an entity has spent', () => {
  const start = Date.UTC(2026, 10, 25);

  it('is the sum of its calls since the instant, each rounded up to a nano-dollar', async () => {
    const owned = (number: number, at: number) =>
      makeCall(
        number,
        (call) => {
          call.caller = callerWith({ agentId: 'bot', teamId: 'search', tags: { 'cost:center': 'a:b', env: 'prod' } });
          call.cost = picoUsd(1_001n);
        },
        at,
      );
    await fillLedger(database.url, [
      owned(1, start - 1),
      owned(2, start),
      owned(3, start + 1),
      makeCall(4, undefined, start),
    ]);
    const spent = (scope: Parameters<typeof spentSince>[1], id: string) =>
      spentSince(dataSource, scope, id, instant(start));
    expect(await spent('agent', 'bot')).toBe(4);
    expect(await spent('team', 'search')).toBe(4);
    expect(await spent('key', 'key-1')).toBe(4);
    expect(await spent('tag', 'env:prod')).toBe(4);
    expect(await spent('model', 'gpt-4o')).toBe(4 + 151_901);
    expect(await spent('provider', 'openai')).toBe(4 + 151_901);
    expect(await spent('user', 'nobody')).toBe(0);
  });
});
