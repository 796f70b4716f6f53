import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { serveAnalytics } from './analytics-fixture.js';
import type { LedgerApi } from './ledger-api-fixture.js';
import { callerWith, fillLedger, makeCall, migrateCerebra } from './ledger-fixture.js';

const NOW = Date.UTC(2026, 10, 25, 12);

let database: TestDatabase;
let api: LedgerApi;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrateCerebra(database.url);
  api = await serveAnalytics(database.url, NOW);
  await fillLedger(
    database.url,
    Array.from({ length: 12 }, (_, number) =>
      makeCall(
        number,
        (call) => {
          call.caller = callerWith({ teamId: number < 8 ? 'search' : null, agentId: `bot-${number}` });
          call.model = number === 0 ? 'gpt-4o-mini' : 'gpt-4o';
        },
        NOW - number * 3_600_000,
      ),
    ),
  );
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const part = (id: string | null, requests: number): unknown =>
  expect.objectContaining({ id, name: id, total_requests: requests });

describe('GET /api/v1/analytics/reports', () => {
  it.each(['/api/v1/analytics/reports', '/api/v1/report'])('%s says what the month so far has cost', async (path) => {
    const { status, body } = await api.get(path);
    expect(status).toBe(200);
    expect(body).toEqual({
      report: {
        period: { from: '2026-11-01T00:00:00.000Z', to: '2026-11-25T12:00:00.001Z' },
        total_cost_usd: 0.001822800012,
        total_cost_usd_exact: '0.001822800012',
        total_requests: 12,
        refused_requests: 0,
        total_tokens: 1_440,
        avg_latency_ms: 12.5,
        error_rate: 0,
        total_savings_usd: 0,
        total_savings_usd_exact: '0.000000000000',
        cost_by_provider: [part('openai', 12)],
        cost_by_model: [part('gpt-4o', 11), part('gpt-4o-mini', 1)],
        cost_by_team: [part('search', 8), part(null, 4)],
        top_agents: expect.arrayContaining([part('bot-0', 1)]),
      },
    });
    expect(body).toHaveProperty('report.top_agents.length', 10);
  });

  it('can be of one team', async () => {
    const { body } = await api.get('/api/v1/report?team_id=search&from=2026-11-25');
    expect(body).toMatchObject({
      report: { total_requests: 8, cost_by_model: [part('gpt-4o', 7), part('gpt-4o-mini', 1)] },
    });
  });

  it('is a file where CSV is asked for', async () => {
    const { headers, text } = await api.text('/api/v1/analytics/reports?format=csv');
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['content-disposition']).toBe('attachment; filename="llm-costs-2026-11-01-2026-11-25.csv"');
    expect(text.split('\r\n').slice(1, 4)).toEqual([
      'total,,,0.001822800012,12,0,1440,0.000000000000,0,12.5',
      'provider,openai,openai,0.001822800012,12,0,1440,0.000000000000,0,12.5',
      'model,gpt-4o,gpt-4o,0.001670900011,11,0,1320,0.000000000000,0,12.5',
    ]);
  });
});

describe('the short forms', () => {
  it('GET /api/v1/costs/summary?dimension= is the summary', async () => {
    const [short, long] = ['costs/summary?dimension=team', 'analytics/summary?group_by=team'];
    expect(await api.get(`/api/v1/${short}`)).toEqual(await api.get(`/api/v1/${long}`));
  });

  it('GET /api/v1/costs/requests is the list of requests', async () => {
    const { status, body } = await api.get('/api/v1/costs/requests?limit=2');
    expect(status).toBe(200);
    expect(body).toMatchObject({ requests: [{ agent_id: 'bot-0' }, { agent_id: 'bot-1' }] });
  });
});
