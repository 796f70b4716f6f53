import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { publishedDailyCost } from '../../../src/cerebra/analytics/published-daily-cost.js';
import { contractBreaches } from '../../../src/platform/database/published-view.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { callerWith, fillLedger, makeCall, migrateCerebra, query } from './ledger-fixture.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrateCerebra(database.url);
});
afterAll(() => database.drop());

describe('cerebra.published_daily_cost_v1', () => {
  it('keeps its contract', async () => {
    const dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    expect(await contractBreaches(dataSource.manager, publishedDailyCost)).toEqual([]);
    await dataSource.destroy();
  });

  it('gives the exact cost of each UTC day, model and owner, without refused calls', async () => {
    const lastMoment = Date.UTC(2026, 10, 24, 23, 59, 59, 999);
    const search = (number: number, at: number) =>
      makeCall(number, (call) => (call.caller = callerWith({ orgId: 'acme', teamId: 'search' })), at);
    await fillLedger(database.url, [
      search(1, lastMoment),
      search(2, lastMoment + 1),
      search(3, lastMoment + 2),
      makeCall(4, (call) => (call.outcome = 'refused'), lastMoment),
      makeCall(5, (call) => (call.estimated = true), lastMoment),
    ]);
    const rows = await query(
      database.url,
      `SELECT day::text, provider, model, org_id, team_id, requests, prompt_tokens, output_tokens,
              cost_usd, estimated_cost_usd
       FROM cerebra.published_daily_cost_v1 ORDER BY day, team_id`,
    );
    const gpt = { provider: 'openai', model: 'gpt-4o' };
    const one = { requests: '1', prompt_tokens: '100', output_tokens: '20', cost_usd: '0.000151900001' };
    const two = { requests: '2', prompt_tokens: '200', output_tokens: '40', cost_usd: '0.000303800002' };
    expect(rows).toEqual([
      { day: '2026-11-24', ...gpt, org_id: 'acme', team_id: 'search', ...one, estimated_cost_usd: '0.000000000000' },
      { day: '2026-11-24', ...gpt, org_id: null, team_id: null, ...one, estimated_cost_usd: '0.000151900001' },
      { day: '2026-11-25', ...gpt, org_id: 'acme', team_id: 'search', ...two, estimated_cost_usd: '0.000000000000' },
    ]);
  });
});
