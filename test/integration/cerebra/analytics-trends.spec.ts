import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { serveAnalytics } from './analytics-fixture.js';
import type { LedgerApi } from './ledger-api-fixture.js';
import { callerWith, fillLedger, makeCall, migrateCerebra } from './ledger-fixture.js';

const NOW = Date.UTC(2026, 10, 25, 12, 34);
const DAY_MS = 86_400_000;

let database: TestDatabase;
let api: LedgerApi;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrateCerebra(database.url);
  api = await serveAnalytics(database.url, NOW);
  const search = callerWith({ teamId: 'search' });
  await fillLedger(database.url, [
    makeCall(1, (call) => (call.caller = search), NOW - 2 * DAY_MS),
    makeCall(2, (call) => (call.caller = search), NOW),
    makeCall(3, (call) => (call.caller = search), NOW - 60_000),
    makeCall(4, (call) => (call.caller = callerWith({ teamId: 'ads' })), NOW - 60_000),
    makeCall(5, (call) => (call.outcome = 'refused'), NOW),
  ]);
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const points = z.object({
  data: z.array(z.looseObject({ timestamp: z.string(), total_requests: z.number(), group: z.string().nullish() })),
  total: z.number(),
});
const trend = async (parameters: string): Promise<z.output<typeof points>> =>
  points.parse((await api.get(`/api/v1/analytics/trends?${parameters}`)).body);

describe('GET /api/v1/analytics/trends', () => {
  it('has a point for every interval of the period, as the contract says', async () => {
    const { status, body } = await api.get('/api/v1/analytics/trends?from=2026-11-23&interval=day');
    expect(status).toBe(200);
    const nothing = {
      total_cost_usd: 0,
      total_cost_usd_exact: '0.000000000000',
      total_requests: 0,
      refused_requests: 0,
      total_tokens: 0,
      avg_latency_ms: null,
      error_rate: 0,
      total_savings_usd: 0,
      total_savings_usd_exact: '0.000000000000',
    };
    const one = { total_cost_usd: 0.000151900001, total_cost_usd_exact: '0.000151900001', total_requests: 1 };
    const three = { total_cost_usd: 0.000607600004, total_cost_usd_exact: '0.000607600004', total_requests: 3 };
    expect(body).toEqual({
      from: '2026-11-23T00:00:00.000Z',
      to: '2026-11-25T12:34:00.001Z',
      interval: 'day',
      group_by: null,
      data: [
        { ...nothing, ...one, timestamp: '2026-11-23T00:00:00.000Z', total_tokens: 120, avg_latency_ms: 12.5 },
        { ...nothing, timestamp: '2026-11-24T00:00:00.000Z' },
        {
          ...nothing,
          ...three,
          timestamp: '2026-11-25T00:00:00.000Z',
          refused_requests: 1,
          total_tokens: 480,
          avg_latency_ms: 12.5,
        },
      ],
      total: 1,
    });
  });

  it('goes group by group, the dearest first, and says how many it left out', async () => {
    const { data, total } = await trend('from=2026-11-24&group_by=team&limit=2');
    expect(data.map((point) => [point.timestamp.slice(0, 10), point.group, point.total_requests])).toEqual([
      ['2026-11-24', 'search', 0],
      ['2026-11-25', 'search', 2],
      ['2026-11-24', 'ads', 0],
      ['2026-11-25', 'ads', 1],
    ]);
    expect(total).toBe(3);
  });

  it('has a group for calls without one', async () => {
    const { data } = await trend('from=2026-11-25&group_by=team');
    expect(data.find(({ group }) => group === null)).toMatchObject({ total_requests: 0, refused_requests: 1 });
  });

  it.each([
    ['hour', 'from=2026-11-25T11:00:00Z', ['11:00', '12:00'], [0, 3]],
    ['month', 'from=2026-10-31', ['00:00', '00:00'], [0, 4]],
    ['week', 'from=2026-11-20', ['00:00', '00:00'], [0, 4]],
  ])('counts by %s', async (interval, period, times, counts) => {
    const { data } = await trend(`${period}&interval=${interval}`);
    expect(data.map(({ timestamp }) => timestamp.slice(11, 16))).toEqual(times);
    expect(data.map(({ total_requests }) => total_requests)).toEqual(counts);
  });

  it('refuses more points than a chart can show', async () => {
    const { status, body } = await api.get('/api/v1/analytics/trends?interval=hour&from=2026-01-01');
    expect(status).toBe(422);
    expect(body).toMatchObject({ error: { details: { interval: expect.stringContaining('1000') } } });
  });
});
