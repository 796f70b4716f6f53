import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { SummaryController } from '../../../src/cerebra/analytics/summary.controller.js';
import { SummaryService } from '../../../src/cerebra/analytics/summary.service.js';
import { UsageRepository } from '../../../src/cerebra/analytics/usage.repository.js';
import type { Call } from '../../../src/cerebra/gateway/call.js';
import { picoUsd } from '../../../src/cerebra/pricing/money.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { serveLedgerApi, type LedgerApi } from './ledger-api-fixture.js';
import { callerWith, fillLedger, makeCall, migrateCerebra, query } from './ledger-fixture.js';

const NOW = Date.UTC(2026, 10, 25, 12);

let made = 0;
const calls = (count: number, change: (call: Call) => void): Call[] =>
  Array.from({ length: count }, () => makeCall((made += 1), change, NOW - 60_000));

let database: TestDatabase;
let api: LedgerApi;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrateCerebra(database.url);
  api = await serveLedgerApi(database.url, NOW, [SummaryController], [UsageRepository, SummaryService]);
  await query(
    database.url,
    `INSERT INTO cerebra.keys (id, name, digest, prefix, created_at, revision)
     VALUES ('key-1', 'Search', sha256('x'), 'oco_live_x', now(), 1)`,
  );
  await fillLedger(database.url, [
    ...calls(19, (call) => {
      call.caller = callerWith({ teamId: 'search', tags: { env: 'prod', app: 'web' } });
      call.latencyMs = 10;
      call.cost = picoUsd(2_800_000n);
    }),
    ...calls(1, (call) => {
      call.caller = callerWith({ teamId: 'search', tags: { env: 'prod' } });
      call.latencyMs = 110;
      call.outcome = 'upstream_timeout';
      call.cost = picoUsd(1n);
    }),
    ...calls(3, (call) => {
      call.caller = callerWith({ teamId: 'search' });
      call.outcome = 'refused';
      call.latencyMs = 1;
      call.cost = picoUsd(0n);
      call.usage.input = 0;
      call.usage.output = 0;
    }),
    ...calls(5, (call) => {
      call.model = 'gpt-4o-mini';
      call.outcome = 'client_abort';
      call.cost = picoUsd(1_000n);
    }),
  ]);
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const group = z.looseObject({
  dimension_id: z.string().nullable(),
  dimension_name: z.string().nullable(),
  total_requests: z.number(),
  total_cost_usd_exact: z.string(),
});
const summary = z.object({ data: z.array(group), totals: z.looseObject({}), total: z.number() });

const summarize = async (parameters: string): Promise<z.output<typeof summary>> =>
  summary.parse((await api.get(`/api/v1/analytics/summary?${parameters}`)).body);

describe('GET /api/v1/analytics/summary', () => {
  it('gives sums by one dimension, the dearest first, as the contract says', async () => {
    const { status, body } = await api.get('/api/v1/analytics/summary?group_by=team');
    expect(status).toBe(200);
    expect(body).toEqual({
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-11-25T12:00:00.001Z',
      group_by: 'team',
      data: [
        {
          dimension: 'team',
          dimension_id: 'search',
          dimension_name: 'search',
          total_cost_usd: 0.000053200001,
          total_cost_usd_exact: '0.000053200001',
          total_requests: 20,
          refused_requests: 3,
          total_tokens: 2_400,
          avg_latency_ms: 15,
          // Of twenty the nineteenth, which was 10.
          p95_latency_ms: 10.33,
          error_rate: 0.05,
          total_savings_usd: 0,
          total_savings_usd_exact: '0.000000000000',
        },
        expect.objectContaining({ dimension_id: null, dimension_name: null, total_requests: 5, error_rate: 0 }),
      ],
      total: 2,
      totals: expect.objectContaining({
        total_cost_usd_exact: '0.000053205001',
        total_requests: 25,
        refused_requests: 3,
        error_rate: 0.04,
      }),
    });
  });

  it('groups by model where nothing else is asked', async () => {
    const { data } = await summarize('');
    expect(data.map(({ dimension_id }) => dimension_id)).toEqual(['gpt-4o', 'gpt-4o-mini']);
  });

  it.each(['provider', 'model', 'agent', 'team', 'org', 'user', 'key', 'route'])(
    'has groups by %s that add up to the totals',
    async (dimension) => {
      const { data, totals } = await summarize(`group_by=${dimension}`);
      const pico = data.reduce((sum, each) => sum + BigInt(each.total_cost_usd_exact.replace('.', '')), 0n);
      expect(pico).toBe(53_205_001n);
      expect(data.reduce((sum, each) => sum + each.total_requests, 0)).toBe(totals['total_requests']);
    },
  );

  it('shows keys by their names', async () => {
    const { data } = await summarize('group_by=key');
    expect(data.map((each) => each.dimension_name)).toEqual(['Search', null]);
  });

  it('counts a call under each of its tags', async () => {
    const { data } = await summarize('group_by=tag');
    expect(data.map((each) => [each.dimension_id, each.total_requests])).toEqual([
      ['env:prod', 20],
      ['app:web', 19],
      [null, 5],
    ]);
  });

  it('takes the filters of the list of requests, and says how many groups it left out', async () => {
    const { data, total, totals } = await summarize('group_by=model&limit=1&outcome=client_abort');
    expect(data.map(({ dimension_id }) => dimension_id)).toEqual(['gpt-4o-mini']);
    expect(totals['total_requests']).toBe(5);
    expect((await summarize('group_by=model&limit=1')).total).toBe(2);
    expect(total).toBe(1);
  });

  it('of an empty period is all zeros', async () => {
    const { data, totals } = await summarize('from=2020-01-01&to=2020-02-01');
    expect(data).toEqual([]);
    expect(totals).toMatchObject({ total_cost_usd: 0, total_requests: 0, error_rate: 0, avg_latency_ms: null });
  });

  it.each([
    ['a dimension that does not exist', 'group_by=colour', 'group_by'],
    ['a period longer than its bound', 'from=2024-01-01&to=2026-01-01', 'from'],
  ])('refuses %s', async (_, parameters, field) => {
    const { status, body } = await api.get(`/api/v1/analytics/summary?${parameters}`);
    expect(status).toBe(422);
    expect(body).toMatchObject({ error: { code: 'validation_error', details: { [field]: expect.any(String) } } });
  });
});
