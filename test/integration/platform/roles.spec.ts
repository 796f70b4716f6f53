import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { startManagedApp, type ManagedApp } from '../../support/managed-app.js';

const created = z.object({ key: z.string() });

describe('roles', () => {
  let managed: ManagedApp;
  const keys = new Map<string, string | null>([['nobody', null]]);

  beforeAll(async () => {
    managed = await startManagedApp({ publicDocs: false, publicMetrics: false });
    for (const role of ['viewer', 'operator', 'admin']) {
      const reply = await managed.call('POST', '/api/v1/access-keys', { body: { name: role, role } });
      keys.set(role, created.parse(reply.body).key);
    }
    const body = { name: 'stranger', role: 'admin', modules: ['gadgets'] };
    keys.set(
      'an admin of another module',
      created.parse((await managed.call('POST', '/api/v1/access-keys', { body })).body).key,
    );
  });
  afterAll(() => managed.stop());

  const ALL = ['nobody', 'viewer', 'operator', 'admin', 'an admin of another module'];

  it.each([
    ['GET', '/api/v1/widgets', [401, 200, 200, 200, 403]],
    ['HEAD', '/api/v1/widgets', [401, 200, 200, 200, 403]],
    ['POST', '/api/v1/widgets', [401, 403, 201, 201, 403]],
    ['DELETE', '/api/v1/widgets/w1', [401, 403, 204, 204, 403]],
    ['POST', '/api/v1/raw', [401, 403, 200, 200, 403]],
    ['GET', '/api/v1/widgets/vault', [401, 403, 403, 200, 403]],
    ['GET', '/api/v1/access-keys', [401, 403, 403, 200, 403]],
    ['GET', '/api/v1/audit-log', [401, 403, 403, 200, 403]],
    ['GET', '/api/v1/widgets/open', [200, 200, 200, 200, 200]],
    ['GET', '/docs', [401, 200, 200, 200, 403]],
    ['GET', '/docs-json', [401, 200, 200, 200, 403]],
    ['GET', '/docs/swagger-ui.css', [401, 200, 200, 200, 403]],
    // A hot route is its own master.
    ['POST', '/v1/complete', [200, 200, 200, 200, 200]],
  ])('%s %s', async (method, path, expected) => {
    const body = method === 'POST' ? { name: 'a' } : undefined;
    const got = await Promise.all(ALL.map((who) => managed.call(method, path, { key: keys.get(who) ?? null, body })));
    expect(got.map(({ status }) => status)).toEqual(expected);
  });

  it('turns strangers away before their body is read', async () => {
    const reply = await managed.call('POST', '/api/v1/widgets', { key: null, body: '{"malformed' });
    expect(reply.status).toBe(401);
  });

  it('says which role is missing', async () => {
    const reply = await managed.call('POST', '/api/v1/widgets', {
      key: keys.get('viewer') ?? null,
      body: { name: 'a' },
    });
    expect(reply.body).toMatchObject({
      error: { code: 'forbidden', message: 'This needs the role operator; your access key has viewer.' },
    });
  });
});

describe('pages that are public on loopback', () => {
  it('need no key where the settings say so', async () => {
    const managed = await startManagedApp({ publicDocs: true });
    expect((await managed.call('GET', '/docs', { key: null })).status).toBe(200);
    await managed.stop();
  });
});
