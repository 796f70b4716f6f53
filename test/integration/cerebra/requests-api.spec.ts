import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { RequestsController } from '../../../src/cerebra/ledger/requests.controller.js';
import { RequestsRepository } from '../../../src/cerebra/ledger/requests.repository.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { serveLedgerApi, type LedgerApi } from './ledger-api-fixture.js';
import { callerWith, callId, fillLedger, makeCall, migrateCerebra } from './ledger-fixture.js';

const NOW = Date.UTC(2026, 10, 25, 12);
const MINUTE = 60_000;

let database: TestDatabase;
let api: LedgerApi;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrateCerebra(database.url);
  api = await serveLedgerApi(database.url, NOW, [RequestsController], [RequestsRepository]);
  await fillLedger(database.url, [
    makeCall(
      1,
      (call) => {
        call.caller = callerWith({ orgId: 'acme', teamId: 'search', agentId: 'bot', tags: { env: 'prod' } });
        call.usage.cacheRead = 50;
        call.usage.reasoning = 5;
        call.ttfbMs = 3.25;
      },
      NOW - 3 * MINUTE,
    ),
    makeCall(
      2,
      (call) => {
        call.outcome = 'refused';
        call.refusal = 'budget_exceeded';
        call.status = 429;
      },
      NOW - 2 * MINUTE,
    ),
    // Two of the same moment: their order is that of their ids.
    makeCall(3, undefined, NOW - MINUTE),
    makeCall(4, (call) => (call.model = 'gpt-4o-mini'), NOW - MINUTE),
    makeCall(5, undefined, Date.UTC(2026, 9, 31, 23, 59, 59, 999)),
    makeCall(6, undefined, NOW),
  ]);
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const list = z.object({ requests: z.array(z.looseObject({ id: z.string() })), next_cursor: z.string().nullable() });

/** The numbers of the calls that a query finds, in the order of the reply. */
async function numbers(query: string): Promise<number[]> {
  const { body } = await api.get(`/api/v1/requests?${query}`);
  return list.parse(body).requests.map(({ id }) => Number(id.slice(-12)));
}

describe('GET /api/v1/requests', () => {
  it('shows each call as the contract says', async () => {
    const { status, body } = await api.get('/api/v1/requests?agent_id=bot');
    expect(status).toBe(200);
    expect(body).toEqual({
      requests: [
        {
          id: callId(1),
          timestamp: '2026-11-25T11:57:00.000Z',
          provider: 'openai',
          model: 'gpt-4o',
          requested_model: 'gpt-4o',
          route: null,
          org_id: 'acme',
          team_id: 'search',
          agent_id: 'bot',
          user_id: null,
          key_id: 'key-1',
          tags: { env: 'prod' },
          stream: false,
          input_tokens: 150,
          output_tokens: 25,
          total_tokens: 175,
          tokens: { input: 100, cache_read: 50, output: 20, reasoning: 5 },
          web_searches: 0,
          tier: 'standard',
          cost_usd: 0.000151900001,
          cost_usd_exact: '0.000151900001',
          estimated: false,
          price_version: 'test',
          latency_ms: 12.5,
          ttfb_ms: 3.25,
          status_code: 200,
          outcome: 'ok',
          retries: 0,
          fallback_from: null,
          cache_hit: false,
          was_routed: false,
          original_model: 'gpt-4o',
          routed_model: 'gpt-4o',
          savings_usd: 0,
          savings_usd_exact: '0.000000000000',
        },
      ],
      next_cursor: null,
    });
  });

  it('lists the current month so far, the newest first', async () => {
    expect(await numbers('')).toEqual([6, 4, 3, 2, 1]);
  });

  it('takes a period, start-inclusive and end-exclusive', async () => {
    expect(await numbers('from=2026-11-25T11:58:00Z&to=2026-11-25T11:59:00Z')).toEqual([2]);
    expect(await numbers('from=2026-10-01&to=2026-11-01')).toEqual([5]);
  });

  it.each([
    ['team_id=search', [1]],
    ['org_id=acme&key_id=key-1', [1]],
    ['tag=env:prod', [1]],
    ['tag=env:test', []],
    ['model=gpt-4o-mini', [4]],
    ['status=429', [2]],
    ['outcome=refused', [2]],
    ['provider=openai&outcome=ok&agent_id=bot', [1]],
  ])('filters by %s', async (query, expected) => {
    expect(await numbers(query)).toEqual(expected);
  });

  it('pages without missing or repeating a call, also of one moment', async () => {
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await api.get(`/api/v1/requests?limit=1${cursor && `&cursor=${cursor}`}`);
      const page = list.parse(body);
      seen.push(...page.requests.map(({ id }) => Number(id.slice(-12))));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual([6, 4, 3, 2, 1]);
  });

  it.each([
    ['an unknown parameter, with the name that was meant', 'agent=bot', 'agent', 'agent_id'],
    ['a period that is empty', 'from=2026-11-25&to=2026-11-25', 'from', 'before'],
    ['a time that is none', 'from=yesterday', 'from', '2026-01-31'],
    ['too large a page', 'limit=1001', 'limit', '1000'],
    ['a cursor of its own making', 'cursor=AAAAAAAAAAAAAAAA', 'cursor', 'next_cursor'],
    ['a tag without a value', 'tag=env', 'tag', 'name:value'],
    ['an outcome that does not exist', 'outcome=fine', 'outcome', 'client_abort'],
  ])('refuses %s', async (_, query, field, hint) => {
    const { status, body } = await api.get(`/api/v1/requests?${query}`);
    expect(status).toBe(422);
    expect(body).toMatchObject({
      error: { code: 'validation_error', details: { [field]: expect.stringContaining(hint) } },
    });
  });
});
