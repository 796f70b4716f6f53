import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ensureFirstAdminKey, hasAdminKey } from '../../../src/platform/auth/first-admin-key.js';
import { startManagedApp, type ManagedApp } from '../../support/managed-app.js';
import { until } from '../../support/until.js';

const PATH = '/api/v1/access-keys';
const created = z.object({ id: z.string(), key: z.string(), prefix: z.string() });
const listed = z.object({
  access_keys: z.array(z.looseObject({ id: z.string() })),
  next_cursor: z.string().nullable(),
});

describe('access keys', () => {
  let managed: ManagedApp;
  beforeAll(async () => {
    managed = await startManagedApp();
  });
  afterAll(() => managed.stop());

  const make = async (body: object): Promise<z.output<typeof created>> => {
    const reply = await managed.call('POST', PATH, { body });
    expect(reply.status).toBe(201);
    return created.parse(reply.body);
  };
  const mayRead = async (key: string, app = managed): Promise<boolean> =>
    (await app.call('GET', '/api/v1/widgets', { key })).status === 200;

  it('are shown once and stored as digests', async () => {
    const { id, key, prefix } = await make({ name: 'ci', role: 'operator', modules: ['widgets'] });
    expect(key).toMatch(/^oco_operator_[\w-]{43}$/);
    expect(key.startsWith(prefix)).toBe(true);
    expect(await mayRead(key)).toBe(true);
    const list = await managed.call('GET', PATH);
    expect(JSON.stringify(list.body)).not.toContain(key);
    expect(list.body).toMatchObject({ access_keys: expect.arrayContaining([expect.objectContaining({ id, prefix })]) });
    const rows: unknown = await managed.dataSource.query('SELECT * FROM platform.access_keys');
    expect(JSON.stringify(rows)).toContain(id);
    expect(JSON.stringify(rows)).not.toContain(key);
    expect(managed.log.join()).not.toContain(key);
  });

  it('that are revoked stop on every replica within a second', async () => {
    const replica = await startManagedApp({}, managed);
    try {
      const { id, key } = await make({ name: 'leaving', role: 'viewer' });
      expect([await mayRead(key), await mayRead(key, replica)]).toEqual([true, true]);
      const start = performance.now();
      expect((await managed.call('DELETE', `${PATH}/${id}`)).status).toBe(204);
      expect(await mayRead(key)).toBe(false);
      await until(async () => !(await mayRead(key, replica)), 5_000);
      expect(performance.now() - start).toBeLessThan(1_200);
      expect((await managed.call('DELETE', `${PATH}/${id}`)).status).toBe(404);
    } finally {
      await replica.stop();
    }
  });

  it('that expire stop by themselves, also while they are remembered', async () => {
    const { key } = await make({ name: 'brief', role: 'viewer', expires_at: new Date(Date.now() + 400).toISOString() });
    expect(await mayRead(key)).toBe(true);
    await until(async () => !(await mayRead(key)), 3_000);
    const past = await managed.call('POST', PATH, {
      body: { name: 'x', role: 'viewer', expires_at: '2020-01-01T00:00:00Z' },
    });
    expect(past).toMatchObject({ status: 422, body: { error: { details: { expires_at: 'It lies in the past.' } } } });
  });

  it('are listed in pages', async () => {
    for (const name of ['p1', 'p2', 'p3']) await make({ name, role: 'viewer' });
    const ids = new Set<string>();
    let cursor: string | null = '';
    while (cursor !== null) {
      const reply = await managed.call('GET', `${PATH}?limit=2${cursor && `&cursor=${cursor}`}`);
      const page = listed.parse(reply.body);
      for (const { id } of page.access_keys) ids.add(id);
      cursor = page.next_cursor;
    }
    const rows: unknown = await managed.dataSource.query(
      'SELECT count(*)::int AS count FROM platform.access_keys WHERE revoked_at IS NULL',
    );
    expect(rows).toEqual([{ count: ids.size }]);
    expect((await managed.call('GET', `${PATH}?cursor=made-up`)).status).toBe(422);
    expect((await managed.call('GET', `${PATH}?limit=1001`)).status).toBe(422);
  });

  it('hand out no more than their owner has', async () => {
    const limited = await make({ name: 'limited', role: 'admin', modules: ['widgets'] });
    const unlimited = await make({ name: 'unlimited', role: 'viewer' });
    const asLimited = (body: object) => managed.call('POST', PATH, { body, key: limited.key });
    expect((await asLimited({ name: 'x', role: 'admin' })).status).toBe(403);
    expect((await asLimited({ name: 'x', role: 'admin', modules: ['widgets', 'gadgets'] })).status).toBe(403);
    expect((await asLimited({ name: 'x', role: 'admin', modules: ['widgets'] })).status).toBe(201);
    expect((await managed.call('DELETE', `${PATH}/${unlimited.id}`, { key: limited.key })).status).toBe(403);
  });

  it('may come from the environment', async () => {
    const adminKey = 'a-key-of-my-own-with-enough-characters';
    const replica = await startManagedApp({ adminKey }, managed);
    try {
      expect((await replica.call('GET', PATH, { key: adminKey })).status).toBe(200);
      expect((await replica.call('GET', PATH, { key: `${adminKey}x` })).status).toBe(401);
      expect((await managed.call('GET', PATH, { key: adminKey })).status).toBe(401);
    } finally {
      await replica.stop();
    }
  });

  it('answers 503, not 401, while the database is away', async () => {
    const replica = await startManagedApp({}, managed);
    await replica.dataSource.destroy();
    const reply = await replica.call('GET', '/api/v1/widgets');
    expect(reply).toMatchObject({ status: 503, body: { error: { code: 'service_unavailable' } } });
    await replica.app.close();
  });
});

describe('the first admin key', () => {
  let managed: ManagedApp;
  beforeAll(async () => {
    managed = await startManagedApp({ adminKey: 'configured-so-none-was-made-yet' });
  });
  afterAll(() => managed.stop());

  it('is made once by two that start together, and again only when no admin is left', async () => {
    const shown: string[] = [];
    const ensure = () => ensureFirstAdminKey(managed.dataSource, { adminKey: null }, (key) => void shown.push(key));
    expect(await hasAdminKey(managed.dataSource)).toBe(false);
    await Promise.all([ensure(), ensure(), ensure()]);
    expect(shown).toEqual([expect.stringMatching(/^oco_admin_/)]);
    expect(await hasAdminKey(managed.dataSource)).toBe(true);
    await ensure();
    expect(shown).toHaveLength(1);
    await managed.dataSource.query('UPDATE platform.access_keys SET revoked_at = now()');
    await ensure();
    expect(shown).toHaveLength(2);
  });

  it('does not count before it was shown', async () => {
    await managed.dataSource.query('DELETE FROM platform.access_keys');
    const crash = () => {
      throw new Error('killed');
    };
    await expect(ensureFirstAdminKey(managed.dataSource, { adminKey: null }, crash)).rejects.toThrow('killed');
    expect(await hasAdminKey(managed.dataSource)).toBe(false);
  });

  it('is not made where the environment gives one', async () => {
    await managed.dataSource.query('DELETE FROM platform.access_keys');
    const show = () => {
      throw new Error('shown');
    };
    await ensureFirstAdminKey(managed.dataSource, { adminKey: 'x'.repeat(24) }, show);
    expect(await hasAdminKey(managed.dataSource)).toBe(false);
  });
});
