import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startManagedApp, type ManagedApp } from '../../support/managed-app.js';

describe('a wrong method', () => {
  let managed: ManagedApp;
  beforeAll(async () => {
    managed = await startManagedApp();
  });
  afterAll(() => managed.stop());

  it.each([
    ['PATCH', '/api/v1/widgets', 'GET, HEAD, POST'],
    ['GET', '/api/v1/widgets/w1', 'DELETE'],
    ['OPTIONS', '/api/v1/widgets/w1', 'DELETE'],
    ['POST', '/api/v1/widgets/w1?x=/y', 'DELETE'],
    ['DELETE', '/api/v1/raw', 'POST'],
    ['POST', '/docs', 'GET, HEAD'],
    ['PUT', '/api/v1/access-keys', 'GET, HEAD, POST'],
  ])('%s %s is 405 and says what the path takes', async (method, path, allow) => {
    const reply = await managed.call(method, path, { key: null });
    expect(reply.status).toBe(405);
    expect(reply.headers.get('allow')).toBe(allow);
    expect(reply.body).toMatchObject({
      error: { code: 'method_not_allowed', details: { allow: allow.split(', ') } },
    });
  });

  it('is not what a path is told that takes the method, but has nothing there', async () => {
    const reply = await managed.call('GET', '/docs/static/..%2f..%2f..%2fpackage.json', { key: null });
    expect(reply).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
  });

  it('is told in its own shape by a raw scope, which knows the methods too', async () => {
    expect(await managed.call('GET', '/v1/complete')).toMatchObject({ status: 404, body: { own_shape: ['POST'] } });
    expect(await managed.call('GET', '/v1/nothing')).toMatchObject({ status: 404, body: { own_shape: [] } });
  });
});
