import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { until } from '../../support/until.js';
import { query } from './ledger-fixture.js';
import { makeKey, makeOwners, startLoneReplica, type Replica } from './replica-fixture.js';

let replica: Replica;
beforeAll(async () => {
  replica = await startLoneReplica();
  await makeOwners(replica, { organizations: ['acme'], teams: ['search'], agents: ['ranker'] });
});
afterAll(() => replica.stop());

const page = z.object({
  keys: z.array(z.looseObject({ id: z.string() })),
  total: z.int(),
  next_cursor: z.string().nullable(),
});

describe('POST /api/v1/keys', () => {
  it('shows the key this once, and it opens at once as whom it was made for', async () => {
    const { status, body } = await replica.call('POST', '/api/v1/keys', {
      name: 'search in production',
      org_id: 'acme',
      team_id: 'search',
      agent_id: 'ranker',
      user_id: 'u1',
      allowed_models: ['gpt-4.1*'],
      limits: { rpm: 60, parallel: 4 },
      clamp_output: true,
      tags: { env: 'prod' },
      expires_at: '2100-01-01T00:00:00+02:00',
    });
    expect(status).toBe(201);
    const { id, key } = z.object({ id: z.string(), key: z.string() }).parse(body);
    expect(body).toEqual({
      id,
      key,
      name: 'search in production',
      prefix: key.slice(0, 13),
      org_id: 'acme',
      team_id: 'search',
      agent_id: 'ranker',
      user_id: 'u1',
      allowed_models: ['gpt-4.1*'],
      limits: { rpm: 60, tpm: null, parallel: 4 },
      clamp_output: true,
      tags: { env: 'prod' },
      created_at: expect.stringMatching(/Z$/),
      expires_at: '2099-12-31T22:00:00.000Z',
      previous_valid_until: null,
    });
    expect(key).toMatch(/^oco_live_[\w-]{43}$/);
    expect(replica.keys.find(key)).toEqual({
      keyId: id,
      orgId: 'acme',
      teamId: 'search',
      agentId: 'ranker',
      userId: 'u1',
      tags: { env: 'prod' },
      allowedModels: ['gpt-4.1*'],
      limits: { rpm: 60, tpm: null, parallel: 4 },
      clampOutput: true,
    });
  });

  it('keeps neither the key nor anything that shows it again', async () => {
    const { id, key } = await makeKey(replica);
    const [row] = await query<object>(replica.databaseUrl, 'SELECT k::text AS line FROM cerebra.keys k WHERE id = $1', [
      id,
    ]);
    expect(JSON.stringify(row)).not.toContain(key.slice(13));
    for (const path of [`/api/v1/keys/${id}`, '/api/v1/keys']) {
      const { text } = await replica.call('GET', path);
      expect(text).toContain(id);
      expect(text).not.toContain(key.slice(13));
      expect(text).not.toContain('digest');
    }
  });

  it('makes its budget with it, in one transaction', async () => {
    const { id, key } = await makeKey(replica, { budget: { limit_usd: 0.25, period: 'monthly' } });
    const caller = replica.keys.find(key);
    if (!caller) throw new Error('The key does not open.');
    expect(replica.budgets.applicable(caller, 'gpt-4o', 'openai')).toMatchObject([
      { scope: 'key', entityId: id, limit: 250_000_000, period: 'monthly', hard: true, onStoreFailure: 'closed' },
    ]);
  });

  it.each([
    [{ limit: { rpm: 1 } }, 'limit', /Unknown field 'limit'.*limits/],
    [{ limits: { rpm: 0 } }, 'limits.rpm', /./],
    [{ limits: { rps: 1 } }, 'limits.rps', /rpm/],
    [{ name: '' }, 'name', /./],
    [{ team_id: 'a\u0000b' }, 'team_id', /control characters/],
    [{ tags: { 'a:b': 'c' } }, 'tags', /without a colon/],
    [{ expires_at: '2020-01-01T00:00:00Z' }, 'expires_at', /past/],
    [{ budget: { limit_usd: 1, period: 'P30D' } }, 'budget.period', /hourly, daily, weekly, monthly, total/],
    [{ budget: { limit_usd: -1, period: 'daily' } }, 'budget.limit_usd', /not below 0/],
  ])('refuses %j and says what is expected of %s', async (fields, path, message) => {
    const before = await query(replica.databaseUrl, 'SELECT id FROM cerebra.keys');
    const { status, body } = await replica.call('POST', '/api/v1/keys', { name: 'bad', ...fields });
    expect(status).toBe(422);
    const details = z
      .object({ error: z.object({ code: z.literal('validation_error'), details: z.record(z.string(), z.string()) }) })
      .parse(body).error.details;
    expect(details[path]).toMatch(message);
    expect(await query(replica.databaseUrl, 'SELECT id FROM cerebra.keys')).toHaveLength(before.length);
  });
});

describe('GET /api/v1/keys', () => {
  it('lists the newest first, page by page', async () => {
    const made = [];
    for (let turn = 0; turn < 5; turn++) made.push((await makeKey(replica)).id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await replica.call('GET', `/api/v1/keys?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`);
      const { keys, next_cursor } = page.parse(body);
      expect(keys.length).toBeLessThanOrEqual(2);
      seen.push(...keys.map(({ id }) => id));
      cursor = next_cursor;
    } while (cursor !== null);
    expect(seen.slice(0, 5)).toEqual(made.toReversed());
    expect(new Set(seen).size).toBe(seen.length);
    expect(page.parse((await replica.call('GET', '/api/v1/keys')).body).total).toBe(seen.length);
  });
});

describe('a key', () => {
  it('opens nothing once it is revoked, and no longer exists', async () => {
    const { id, key } = await makeKey(replica);
    expect(replica.keys.find(key)).not.toBeNull();
    expect((await replica.call('DELETE', `/api/v1/keys/${id}`)).status).toBe(204);
    expect(replica.keys.find(key)).toBeNull();
    for (const method of ['GET', 'DELETE'] as const) {
      const { status, body } = await replica.call(method, `/api/v1/keys/${id}`);
      expect(status).toBe(404);
      expect(body).toMatchObject({ error: { code: 'not_found', message: `Key '${id}' does not exist.` } });
    }
    expect((await replica.call('GET', '/api/v1/keys')).text).not.toContain(id);
  });

  it('opens nothing once it has expired', async () => {
    const { key } = await makeKey(replica, { expires_at: new Date(Date.now() + 1_500).toISOString() });
    expect(replica.keys.find(key)).not.toBeNull();
    await until(() => replica.keys.find(key) === null, 4_000);
  });

  it.each(['', 'oco_live_', 'oco_live_' + 'a'.repeat(43), 'sk-something', '\u0000'])('is not %j', (presented) => {
    expect(replica.keys.find(presented)).toBeNull();
  });
});
