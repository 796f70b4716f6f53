import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { AuditRetention } from '../../../src/platform/audit/audit-retention.js';
import { systemClock } from '../../../src/platform/time.js';
import { startManagedApp, type ManagedApp } from '../../support/managed-app.js';

const PATH = '/api/v1/audit-log';
const created = z.object({ id: z.string(), key: z.string() });
const log = z.object({ entries: z.array(z.looseObject({ path: z.string() })), next_cursor: z.string().nullable() });

describe('the audit log', () => {
  let managed: ManagedApp;
  beforeAll(async () => {
    managed = await startManagedApp();
  });
  afterAll(() => managed.stop());

  const entries = async (query = ''): Promise<z.output<typeof log>['entries']> =>
    log.parse((await managed.call('GET', PATH + query)).body).entries;

  it('has every write with who, what and what came of it, also the refused ones', async () => {
    const { key, id } = created.parse(
      (await managed.call('POST', '/api/v1/access-keys', { body: { name: 'reader', role: 'viewer' } })).body,
    );
    const replies = [
      await managed.call('POST', '/api/v1/widgets', { body: { name: 'a' } }),
      await managed.call('DELETE', '/api/v1/widgets/w7?force=true'),
      await managed.call('POST', '/api/v1/widgets', { body: { nam: 'a' } }),
      await managed.call('POST', '/api/v1/widgets', { body: '{' }),
      await managed.call('POST', '/api/v1/widgets', { key, body: { name: 'a' } }),
      await managed.call('POST', '/api/v1/widgets', { key: null, body: { name: 'a' } }),
      await managed.call('POST', '/api/v1/raw'),
    ];
    const found = (await entries()).toReversed();
    const admin = { key_name: 'first-start', key_id: expect.any(String), source_address: '127.0.0.1' };
    const widgets = { method: 'POST', route: '/api/v1/widgets', path: '/api/v1/widgets' };
    expect(found).toMatchObject([
      { ...admin, route: '/api/v1/access-keys', status: 201, resource_id: id },
      { ...admin, ...widgets, status: 201, resource_id: 'w1', error_code: null },
      { ...admin, method: 'DELETE', path: '/api/v1/widgets/w7', status: 204, resource_id: 'w7' },
      { ...admin, ...widgets, status: 422, resource_id: null, error_code: 'validation_error' },
      { ...admin, ...widgets, status: 400, error_code: 'bad_request' },
      { ...widgets, key_name: 'reader', key_id: id, status: 403, error_code: 'forbidden' },
      { ...widgets, key_name: null, key_id: null, status: 401, error_code: 'unauthorized' },
      { ...admin, path: '/api/v1/raw', status: 200, resource_id: 'raw' },
    ]);
    expect(found.slice(1).map(({ request_id }) => request_id)).toEqual(
      replies.map(({ headers }) => headers.get('x-oco-request-id')),
    );
    expect(JSON.stringify(found)).not.toContain(key);
    expect(JSON.stringify(found)).not.toContain('s3cret');
  });

  it('has neither reads nor hot calls', async () => {
    const before = (await entries()).length;
    await managed.call('GET', '/api/v1/widgets');
    await managed.call('POST', '/v1/complete', { body: {} });
    expect(await entries()).toHaveLength(before);
  });

  it('is read in pages and periods', async () => {
    const all = await entries();
    const first = log.parse((await managed.call('GET', `${PATH}?limit=3`)).body);
    const second = await entries(`?limit=1000&cursor=${first.next_cursor}`);
    expect([...first.entries, ...second]).toEqual(all);
    expect(await entries('?from=2020-01-01&to=2020-02-01')).toEqual([]);
    expect((await managed.call('GET', `${PATH}?from=2020-02-01&to=2020-01-01`)).status).toBe(422);
  });

  it('keeps what it could not write in the log, and the reply is sent all the same', async () => {
    await managed.dataSource.query('ALTER TABLE platform.audit_log RENAME TO away');
    try {
      expect((await managed.call('POST', '/api/v1/widgets', { body: { name: 'a' } })).status).toBe(201);
      const line = managed.log.find((text) => text.includes('could not be recorded'));
      expect(JSON.parse(line ?? '{}')).toMatchObject({ level: 50, audit: { path: '/api/v1/widgets', status: 201 } });
    } finally {
      await managed.dataSource.query('ALTER TABLE platform.away RENAME TO audit_log');
    }
  });

  it('is not filled by strangers', async () => {
    const before = await count();
    await Promise.all(
      Array.from({ length: 150 }, () => managed.call('POST', '/api/v1/widgets', { key: null, body: {} })),
    );
    // Two allowances of 60, should a minute have ended in between.
    expect((await count()) - before).toBeLessThanOrEqual(120);
    await managed.call('POST', '/api/v1/widgets', { body: { name: 'a' } });
    expect(managed.log.some((text) => text.includes('"missed":'))).toBe(true);
  });

  it('forgets, a few thousand at a time, what is older than it keeps, and nothing of other contexts', async () => {
    const before = await count();
    const now = systemClock.now();
    const add = (module: string, days: number, entries: number): Promise<unknown> =>
      managed.dataSource.query(
        `INSERT INTO platform.audit_log (id, at, module, method, route, path, status, request_id, source_address)
         SELECT gen_random_uuid(), $1, $2, 'POST', '/', '/', 200, '', '' FROM generate_series(1, $3)`,
        [new Date(now - days * 86_400_000), module, entries],
      );
    await add('widgets', 401, 12_000);
    await add('widgets', 399, 3);
    await add('gadgets', 401, 2);
    await managed.app.get(AuditRetention, { strict: false }).run(now, new AbortController().signal);
    expect(await count()).toBe(before + 5);
  });

  const count = async (): Promise<number> => {
    const rows: unknown = await managed.dataSource.query('SELECT count(*)::int AS count FROM platform.audit_log');
    return z.tuple([z.object({ count: z.number() })]).parse(rows)[0].count;
  };
});
