import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { nanoUsd } from '../../../src/cerebra/pricing/money.js';
import { claimOf } from './gate-behaviours.js';
import { callerWith, fillLedger, makeCall } from './ledger-fixture.js';
import { makeBudget, makeKey, startLoneReplica, type Replica } from './replica-fixture.js';

let replica: Replica;
beforeAll(async () => {
  replica = await startLoneReplica();
});
afterAll(() => replica.stop());

const page = z.object({
  budgets: z.array(z.looseObject({ id: z.string() })),
  total: z.int(),
  next_cursor: z.string().nullable(),
});

const list = async (query: string) => page.parse((await replica.call('GET', `/api/v1/budgets?${query}`)).body);

/** Spends on an agent's budgets as a call does, at `cost` of a bound of `bound`. Running where there is no cost. */
async function spend(agentId: string, bound: number, cost?: number): Promise<string> {
  const budgets = replica.budgets.applicable(callerWith({ agentId }), 'm', 'p');
  const admission = await replica.gate.reserve(claimOf({ budgets, bound: nanoUsd(bound) }));
  if (admission.kind === 'admitted' && cost !== undefined) replica.gate.settle(admission.reservation, nanoUsd(cost), 0);
  return admission.kind;
}

describe('a budget', () => {
  it('is answered whole, with defaults, exact amounts and its window', async () => {
    const { status, body } = await replica.call('POST', '/api/v1/budgets', {
      scope: 'agent',
      entity_id: 'whole',
      limit_usd: 12.5,
      period: 'monthly',
    });
    const now = new Date();
    const month = (offset: number): string =>
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1)).toISOString();
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      scope: 'agent',
      entity_id: 'whole',
      limit_usd: 12.5,
      limit_usd_exact: '12.500000000000',
      spent_usd: 0,
      spent_usd_exact: '0.000000000000',
      reserved_usd: 0,
      reserved_usd_exact: '0.000000000000',
      remaining_usd: 12.5,
      remaining_usd_exact: '12.500000000000',
      utilization_pct: 0,
      period: 'monthly',
      time_zone: 'UTC',
      window_start: month(0),
      resets_at: month(1),
      hard: true,
      thresholds_pct: [50, 80, 100],
      on_store_failure: 'closed',
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
  });

  it('shows what is spent and reserved, and refuses what it cannot pay for', async () => {
    const { id } = await makeBudget(replica, { scope: 'agent', entity_id: 'spender', limit_usd: 2 });
    expect(await spend('spender', 1e9, 0.3e9)).toBe('admitted');
    expect(await spend('spender', 0.5e9)).toBe('admitted');
    expect(await spend('spender', 1.3e9)).toBe('refused');
    expect((await replica.call('GET', `/api/v1/budgets/${id}`)).body).toMatchObject({
      spent_usd: 0.3,
      spent_usd_exact: '0.300000000000',
      reserved_usd: 0.5,
      remaining_usd: 1.2,
      utilization_pct: 15,
    });
    expect(await replica.metrics()).toMatch(/cerebra_budget_refusals_total\{scope="agent",context="cerebra"\} [1-9]/);
    expect(await replica.metrics()).toContain(
      `cerebra_budget_remaining_ratio{budget="${id}",scope="agent",entity_id="spender",period="daily",context="cerebra"} 0.6`,
    );
    expect(await replica.metrics()).toContain('cerebra_store_mode{mode="memory",context="cerebra"} 1');
    expect(await replica.metrics()).toContain('cerebra_reservation_overshoot_total{context="cerebra"} 0');
  });

  it('begins with what the ledger has of its window', async () => {
    const call = makeCall(1, (made) => (made.caller = callerWith({ agentId: 'veteran' })));
    await fillLedger(replica.databaseUrl, [call]);
    const budget = await makeBudget(replica, { scope: 'agent', entity_id: 'veteran' });
    expect(budget).toMatchObject({ spent_usd: 0.000151901, spent_usd_exact: '0.000151901000' });
  });

  it('exists once per scope, entity and period', async () => {
    await makeBudget(replica, { scope: 'team', entity_id: 'twice' });
    const again = { scope: 'team', entity_id: 'twice', limit_usd: 5, period: 'daily' };
    const { status, body } = await replica.call('POST', '/api/v1/budgets', again);
    expect(status).toBe(409);
    expect(body).toMatchObject({
      error: { code: 'conflict', message: "There is a daily budget for the team 'twice' already." },
    });
    const weekly = await makeBudget(replica, { ...again, period: 'weekly' });
    expect((await replica.call('PUT', `/api/v1/budgets/${weekly.id}`, { limit_usd: 5, period: 'daily' })).status).toBe(
      409,
    );
    const both = await Promise.all(
      [1, 2, 3].map(() => replica.call('POST', '/api/v1/budgets', { ...again, entity_id: 'race' })),
    );
    expect(both.map((reply) => reply.status).sort((a, b) => a - b)).toEqual([201, 409, 409]);
  });

  it('keeps scope, entity and what it has spent when it is changed; lowered below that it stops further calls', async () => {
    const { id } = await makeBudget(replica, { scope: 'agent', entity_id: 'lowered', limit_usd: 2 });
    await spend('lowered', 1e9, 1e9);
    const changed = await replica.call('PUT', `/api/v1/budgets/${id}`, {
      limit_usd: '0.5',
      period: 'daily',
      hard: true,
    });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      id,
      scope: 'agent',
      entity_id: 'lowered',
      limit_usd: 0.5,
      spent_usd: 1,
      remaining_usd: 0,
      utilization_pct: 200,
    });
    expect(await spend('lowered', 0)).toBe('refused');
    expect(
      (await replica.call('PUT', `/api/v1/budgets/${id}`, { scope: 'team', limit_usd: 1, period: 'daily' })).status,
    ).toBe(422);
    expect(
      (await replica.call('PUT', `/api/v1/budgets/${id}`, { limit_usd: 1, period: 'daily', hard: false })).status,
    ).toBe(200);
    expect(await spend('lowered', 5e9)).toBe('admitted');
  });

  it("takes a key's id or its name, and stores the id", async () => {
    const { id } = await makeKey(replica, { name: 'named once' });
    expect(await makeBudget(replica, { scope: 'key', entity_id: 'named once' })).toMatchObject({ entity_id: id });
    expect(await makeBudget(replica, { scope: 'key', entity_id: id, period: 'weekly' })).toMatchObject({
      entity_id: id,
    });
  });

  it('is refused for a key that does not exist, is revoked, or shares its name', async () => {
    const revoked = await makeKey(replica, { name: 'revoked' });
    await replica.call('DELETE', `/api/v1/keys/${revoked.id}`);
    await makeKey(replica, { name: 'named twice' });
    await makeKey(replica, { name: 'named twice' });
    for (const [entity_id, message] of [
      ['nobody', /no such key/],
      [revoked.id, /no such key/],
      ['revoked', /no such key/],
      ['named twice', /several keys/],
    ] as const) {
      const body = { scope: 'key', entity_id, limit_usd: 1, period: 'daily' };
      const reply = await replica.call('POST', '/api/v1/budgets', body);
      expect(reply).toMatchObject({
        status: 422,
        body: { error: { code: 'validation_error', details: { entity_id: expect.stringMatching(message) } } },
      });
    }
  });

  it.each([
    ['demo/echo', 'echo'],
    ['openai/gpt-4o', 'gpt-4o'],
    ['meta-llama/llama-3', 'meta-llama/llama-3'],
  ])('of the model %s holds the calls that go to %s', async (given, model) => {
    const { id } = await makeBudget(replica, { scope: 'model', entity_id: given });
    expect(replica.budgets.applicable(callerWith({}), model, 'p')).toMatchObject([{ id, entityId: model }]);
  });

  it('holds nothing once it is deleted, and can be made anew', async () => {
    const { id } = await makeBudget(replica, { scope: 'agent', entity_id: 'gone', limit_usd: 0 });
    expect(await spend('gone', 1)).toBe('refused');
    expect((await replica.call('DELETE', `/api/v1/budgets/${id}`)).status).toBe(204);
    expect(await spend('gone', 1)).toBe('admitted');
    for (const method of ['GET', 'DELETE'] as const) {
      expect((await replica.call(method, `/api/v1/budgets/${id}`)).status).toBe(404);
    }
    expect((await replica.call('PUT', `/api/v1/budgets/${id}`, { limit_usd: 1, period: 'daily' })).status).toBe(404);
    await makeBudget(replica, { scope: 'agent', entity_id: 'gone' });
  });

  it.each([
    [{ scope: 'galaxy' }, 'scope', /agent/],
    [{ entity_id: '' }, 'entity_id', /./],
    [{ scope: 'tag', entity_id: 'env' }, 'entity_id', /name:value/],
    [{ period: 'P7D' }, 'period', /hourly, daily, weekly, monthly, total/],
    [{ limit_usd: 9_007_200 }, 'limit_usd', /at most 9007199/],
    [{ limit_usd: 'much' }, 'limit_usd', /at most nine decimals/],
    [{ limt_usd: 1 }, 'limt_usd', /did you mean 'limit_usd'/],
    [{ limit_tokens: 1 }, 'limit_tokens', /Unknown field/],
    [{ time_zone: 'Mars/Olympus' }, 'time_zone', /time zone/],
    [{ thresholds_pct: [0] }, 'thresholds_pct.0', /./],
    [{ on_store_failure: 'maybe' }, 'on_store_failure', /closed/],
  ])('is refused with %j, saying what is expected of %s', async (fields, path, message) => {
    const body = { scope: 'agent', entity_id: 'bad', limit_usd: 1, period: 'daily', ...fields };
    const reply = await replica.call('POST', '/api/v1/budgets', body);
    expect(reply.status).toBe(422);
    const { details } = z
      .object({ error: z.object({ details: z.record(z.string(), z.string()) }) })
      .parse(reply.body).error;
    expect(details[path]).toMatch(message);
  });
});

describe('GET /api/v1/budgets', () => {
  it('filters by scope and entity, and pages', async () => {
    for (const period of ['hourly', 'daily', 'weekly', 'monthly', 'total']) {
      await makeBudget(replica, { scope: 'model', entity_id: 'gpt-listed', period });
    }
    await makeBudget(replica, { scope: 'model', entity_id: 'another' });
    const first = await list('scope=model&entity_id=gpt-listed&limit=3');
    expect(first).toMatchObject({ total: 5, budgets: [{ period: 'total', resets_at: null }, {}, {}] });
    const rest = await list(`scope=model&entity_id=gpt-listed&limit=3&cursor=${first.next_cursor}`);
    expect(rest).toMatchObject({ total: 5, next_cursor: null, budgets: [{ period: 'daily' }, { period: 'hourly' }] });
    expect((await replica.call('GET', '/api/v1/budgets?cursor=made-up')).status).toBe(422);
    expect((await replica.call('GET', '/api/v1/budgets?scop=model')).status).toBe(422);
  });
});
