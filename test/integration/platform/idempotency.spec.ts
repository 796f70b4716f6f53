import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { startManagedApp, WidgetWork, type ManagedApp, type Reply } from '../../support/managed-app.js';
import { until } from '../../support/until.js';

const PATH = '/api/v1/widgets';
const created = z.object({ id: z.string(), key: z.string() });

describe('an Idempotency-Key', () => {
  let managed: ManagedApp;
  let replica: ManagedApp;
  let work: WidgetWork;
  let serial = 0;

  beforeAll(async () => {
    managed = await startManagedApp();
    replica = await startManagedApp({}, managed);
    work = managed.app.get(WidgetWork, { strict: false });
  });
  afterAll(async () => {
    await replica.stop();
    await managed.stop();
  });
  beforeEach(() => {
    work.next = async () => {};
    serial += 1;
  });

  const send = (
    body: unknown = { name: 'a' },
    options: { key?: string; app?: ManagedApp; path?: string } = {},
  ): Promise<Reply> => {
    const { app = managed, path = PATH, ...rest } = options;
    return app.call('POST', path, { body, headers: { 'idempotency-key': `call-${serial}` }, ...rest });
  };
  const replayed = (reply: Reply): boolean => reply.headers.get('idempotency-replayed') === 'true';

  it('repeats the reply, also on another replica, and does nothing twice', async () => {
    const before = work.made;
    const first = await send();
    const second = await send();
    const elsewhere = await send(undefined, { app: replica });
    expect(work.made).toBe(before + 1);
    expect([replayed(first), replayed(second), replayed(elsewhere)]).toEqual([false, true, true]);
    expect([second.body, elsewhere.body]).toEqual([first.body, first.body]);
    expect([first.status, second.status, elsewhere.status]).toEqual([201, 201, 201]);
    expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'));
  });

  it('repeats an empty reply', async () => {
    const remove = () => managed.call('DELETE', `${PATH}/w1`, { headers: { 'idempotency-key': `call-${serial}` } });
    const [first, second] = [await remove(), await remove()];
    expect([first.status, second.status]).toEqual([204, 204]);
    expect([replayed(first), replayed(second)]).toEqual([false, true]);
    expect([first.body, second.body]).toEqual(['', '']);
  });

  it('with another body is a mistake', async () => {
    await send();
    const reply = await send({ name: 'b' });
    expect(reply).toMatchObject({
      status: 422,
      body: { error: { details: { 'idempotency-key': expect.any(String) } } },
    });
  });

  it('belongs to its caller and its path', async () => {
    const other = created.parse(
      (await managed.call('POST', '/api/v1/access-keys', { body: { name: 'other', role: 'operator' } })).body,
    );
    await send();
    expect(replayed(await send({ name: 'b' }, { key: other.key }))).toBe(false);
    expect(replayed(await send({ name: 'b' }, { path: '/api/v1/raw' }))).toBe(false);
  });

  it('lets only one of two calls at once through, whichever replica they reach', async () => {
    const gate = Promise.withResolvers<void>();
    work.next = () => gate.promise;
    const before = work.made;
    const first = send();
    await until(() => work.made === before + 1);
    const [here, there] = await Promise.all([send(), send(undefined, { app: replica })]);
    for (const reply of [here, there]) {
      expect(reply).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
      expect(reply.headers.get('retry-after')).toBe('1');
    }
    gate.resolve();
    expect((await first).status).toBe(201);
    expect(replayed(await send())).toBe(true);
    expect(work.made).toBe(before + 1);
  });

  it('lets a call that failed here be made again', async () => {
    work.next = () => Promise.reject(new Error('broken'));
    expect((await send()).status).toBe(500);
    work.next = async () => {};
    const again = await send();
    expect([again.status, replayed(again)]).toEqual([201, false]);
  });

  it('repeats a refusal of the request itself', async () => {
    const [first, second] = [await send({ nam: 'a' }), await send({ nam: 'a' })];
    expect([first.status, second.status]).toEqual([422, 422]);
    expect(second.body).toEqual(first.body);
  });

  it('keeps a secret that is shown once under lock: the database alone does not tell it', async () => {
    const options = { body: { name: 'ci', role: 'viewer' }, headers: { 'idempotency-key': `call-${serial}` } };
    const first = await managed.call('POST', '/api/v1/access-keys', options);
    const { key } = created.parse(first.body);
    expect((await managed.call('POST', '/api/v1/access-keys', options)).body).toEqual(first.body);
    const rows: unknown = await managed.dataSource.query(
      "SELECT encode(reply, 'escape') AS reply FROM platform.idempotency_keys",
    );
    expect(JSON.stringify(rows).length).toBeGreaterThan(500);
    expect(JSON.stringify(rows)).not.toContain(key);
    expect(JSON.stringify(rows)).not.toContain('oco_');
  });

  it('is free again after a day, and what has run out is swept away', async () => {
    await send();
    await managed.dataSource.query("UPDATE platform.idempotency_keys SET expires_at = now() - interval '1 second'");
    expect(replayed(await send())).toBe(false);
    const rows: unknown = await managed.dataSource.query(
      'SELECT count(*)::int AS count FROM platform.idempotency_keys WHERE expires_at <= now()',
    );
    const left = z.tuple([z.object({ count: z.number() })]).parse(rows)[0].count;
    await managed.call('POST', PATH, { body: { name: 'a' }, headers: { 'idempotency-key': `sweep-${serial}` } });
    const after: unknown = await managed.dataSource.query(
      'SELECT count(*)::int AS count FROM platform.idempotency_keys WHERE expires_at <= now()',
    );
    expect(z.tuple([z.object({ count: z.number() })]).parse(after)[0].count).toBe(Math.max(0, left - 10));
  });

  it.each(['has spaces', 'x'.repeat(256)])('of the form %.12s is refused', async (key) => {
    const reply = await managed.call('POST', PATH, { body: { name: 'a' }, headers: { 'idempotency-key': key } });
    expect(reply.status).toBe(422);
  });
});
