import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { until } from '../../support/until.js';
import { query } from './ledger-fixture.js';
import { makeKey, makeOwners, migrateAll, startReplica, type Replica } from './replica-fixture.js';

const WITHIN_MS = 1_000;

let database: TestDatabase;
let here: Replica;
let there: Replica;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrateAll(database.url);
  [here, there] = await Promise.all([startReplica(database.url), startReplica(database.url)]);
  await makeOwners(here, { organizations: ['acme'], teams: ['search'] });
});
afterAll(async () => {
  await Promise.all([here.stop(), there.stop()]);
  await database.drop();
});

const rotated = z.strictObject({
  id: z.string(),
  key: z.string().regex(/^oco_live_[\w-]{43}$/),
  prefix: z.string(),
  previous_valid_until: z.iso.datetime(),
});

const opens = (replica: Replica, key: string): boolean => replica.keys.find(key) !== null;

async function rotate(id: string, body?: object): Promise<z.output<typeof rotated>> {
  const reply = await here.call('POST', `/api/v1/keys/${id}/rotate`, body);
  expect(reply.status).toBe(200);
  return rotated.parse(reply.body);
}

describe('POST /api/v1/keys/{id}/rotate', () => {
  it('gives a new secret; the former is taken until its grace is over, on every replica', async () => {
    const { id, key: former } = await makeKey(here, { team_id: 'search' });
    const { key, prefix, previous_valid_until } = await rotate(id, { grace_seconds: 2 });
    expect(prefix).toBe(key.slice(0, 13));
    expect(Date.parse(previous_valid_until)).toBeGreaterThan(Date.now());
    expect([opens(here, former), opens(here, key)]).toEqual([true, true]);
    expect(here.keys.find(former)).toBe(here.keys.find(key));
    await until(() => opens(there, key), WITHIN_MS);
    expect(there.keys.find(former)).toMatchObject({ keyId: id, teamId: 'search' });
    expect((await here.call('GET', `/api/v1/keys/${id}`)).body).toMatchObject({ id, prefix, previous_valid_until });
    await until(() => Date.now() >= Date.parse(previous_valid_until));
    for (const replica of [here, there]) expect([opens(replica, former), opens(replica, key)]).toEqual([false, true]);
  });

  it('leaves an hour where nothing is said, and nothing where 0 is said', async () => {
    const { id, key: first } = await makeKey(here);
    const { key: second, previous_valid_until } = await rotate(id);
    expect(Math.abs(Date.parse(previous_valid_until) - Date.now() - 3_600_000)).toBeLessThan(10_000);
    const { key: third } = await rotate(id, { grace_seconds: 0 });
    expect([first, second, third].map((key) => opens(here, key))).toEqual([false, false, true]);
    await until(() => opens(there, third), WITHIN_MS);
    expect([first, second].map((key) => opens(there, key))).toEqual([false, false]);
  });

  it('takes at most two secrets: of three, the oldest ends with the second rotation', async () => {
    const { id, key: first } = await makeKey(here);
    const { key: second } = await rotate(id);
    const { key: third } = await rotate(id);
    expect([first, second, third].map((key) => opens(here, key))).toEqual([false, true, true]);
  });

  it('does not outlive its key: not a revocation, and not an expiry', async () => {
    const { id, key: first } = await makeKey(here);
    const { key: second } = await rotate(id);
    await until(() => opens(there, second), WITHIN_MS);
    await here.call('DELETE', `/api/v1/keys/${id}`);
    expect([first, second].map((key) => opens(here, key))).toEqual([false, false]);
    await until(() => !opens(there, first) && !opens(there, second), WITHIN_MS);
    expect((await here.call('POST', `/api/v1/keys/${id}/rotate`)).status).toBe(404);
    const expiring = await makeKey(here, { expires_at: new Date(Date.now() + 1_000).toISOString() });
    await rotate(expiring.id);
    await until(() => !opens(here, expiring.key), 3_000);
  });

  it('stores neither secret, and its reply is not in the audit log', async () => {
    const { id, key: former } = await makeKey(here);
    const { key } = await rotate(id);
    const stored = await query<object>(
      database.url,
      `SELECT k::text AS line FROM cerebra.keys k WHERE id = $1
       UNION ALL SELECT a::text FROM platform.audit_log a`,
      [id],
    );
    expect(stored.length).toBeGreaterThan(2);
    for (const secret of [former, key]) expect(JSON.stringify(stored)).not.toContain(secret.slice(13));
  });

  it.each([{ grace_seconds: -1 }, { grace_seconds: 2_592_001 }, { grace_seconds: 0.5 }, { grace: 1 }])(
    'refuses %j',
    async (body) => {
      const { id } = await makeKey(here);
      expect((await here.call('POST', `/api/v1/keys/${id}/rotate`, body)).status).toBe(422);
    },
  );
});

describe('PUT /api/v1/keys/{id}', () => {
  it('changes all but the secret, and what is left out is as in a new key', async () => {
    const { id, key } = await makeKey(here, {
      allowed_models: ['gpt-*'],
      limits: { rpm: 5 },
      clamp_output: true,
      tags: { env: 'prod' },
    });
    const { status, body } = await here.call('PUT', `/api/v1/keys/${id}`, {
      name: 'renamed',
      org_id: 'acme',
      team_id: 'The search',
      user_id: 'u1',
    });
    expect([status, body]).toMatchObject([
      200,
      {
        id,
        name: 'renamed',
        prefix: key.slice(0, 13),
        org_id: 'acme',
        team_id: 'search',
        user_id: 'u1',
        allowed_models: null,
        limits: null,
        clamp_output: false,
        tags: {},
      },
    ]);
    const caller = { keyId: id, orgId: 'acme', teamId: 'search', userId: 'u1', allowedModels: null, limits: null };
    expect(here.keys.find(key)).toMatchObject(caller);
    await until(() => there.keys.find(key)?.teamId === 'search', WITHIN_MS);
    expect(there.keys.find(key)).toMatchObject(caller);
  });

  it('can end a key early, and bring an expired one back', async () => {
    const { id, key } = await makeKey(here);
    await here.call('PUT', `/api/v1/keys/${id}`, { name: 'x', expires_at: new Date(Date.now() + 300).toISOString() });
    await until(() => !opens(here, key), 2_000);
    await here.call('PUT', `/api/v1/keys/${id}`, { name: 'x' });
    expect(opens(here, key)).toBe(true);
  });

  it.each([
    [{ team_id: 'nobody' }, 422],
    [{ expires_at: '2020-01-01T00:00:00Z' }, 422],
    [{ key: 'oco_live_mine' }, 422],
    [{ budget: { limit_usd: 1, period: 'daily' } }, 422],
  ])('refuses %j', async (fields, status) => {
    const { id } = await makeKey(here);
    expect((await here.call('PUT', `/api/v1/keys/${id}`, { name: 'x', ...fields })).status).toBe(status);
  });

  it('of a key that does not exist is 404', async () => {
    expect((await here.call('PUT', '/api/v1/keys/nobody', { name: 'x' })).status).toBe(404);
  });
});
