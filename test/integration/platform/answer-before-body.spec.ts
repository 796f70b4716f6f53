import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startManagedApp, type ManagedApp } from '../../support/managed-app.js';

/** For an answer that would never come. */
const PATIENCE_MS = 3_000;

describe('a call that no route takes', () => {
  let managed: ManagedApp;
  let socket: Socket | null = null;
  beforeAll(async () => {
    managed = await startManagedApp();
  });
  afterEach(() => {
    socket?.destroy();
  });
  afterAll(() => managed.stop());

  const dial = (): Socket => {
    const { hostname, port } = new URL(managed.url);
    return (socket = connect(Number(port), hostname));
  };

  const bodies = [
    { kind: 'malformed', body: '{bad' },
    { kind: 'a form', body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    { kind: 'too large', body: `"${'x'.repeat(2 << 20)}"` },
  ];

  it.each(bodies)('is told that there is nothing, though its body is $kind', async ({ body, headers = {} }) => {
    const reply = await managed.call('POST', '/api/v1/nope', { body, headers });
    expect(reply).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    expect(reply.headers.get('x-oco-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it.each(bodies)('is told what the path takes, though its body is $kind', async ({ body, headers = {} }) => {
    const reply = await managed.call('PATCH', '/api/v1/widgets', { body, headers });
    expect(reply).toMatchObject({ status: 405, body: { error: { code: 'method_not_allowed' } } });
    expect(reply.headers.get('allow')).toBe('GET, HEAD, POST');
  });

  it.each(bodies)('is told so by a raw scope in its own shape, though its body is $kind', async (sent) => {
    const { body, headers = {} } = sent;
    expect(await managed.call('POST', '/v1/nothing', { body, headers })).toMatchObject({
      status: 404,
      body: { own_shape: [] },
    });
    expect(await managed.call('PUT', '/v1/complete', { body, headers })).toMatchObject({
      status: 404,
      body: { own_shape: ['POST'] },
    });
  });

  it.each(['/api/v1/nope', '/v1/nothing'])('is told before any of its body has come: %s', async (path) => {
    const caller = dial();
    caller.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n`);
    await once(caller, 'readable', { signal: AbortSignal.timeout(PATIENCE_MS) });
    expect(String(caller.read())).toMatch(/^HTTP\/1.1 404 /);
  });

  it('leaves the connection to the next call, also when it brought a large body', async () => {
    const large = 'x'.repeat(2 << 20);
    const caller = dial();
    caller.write(`POST /api/v1/nope HTTP/1.1\r\nhost: x\r\ncontent-length: ${large.length}\r\n\r\n${large}`);
    caller.write('GET /api/v1/widgets/open HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    const answer = Buffer.concat(await caller.toArray()).toString();
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 200']);
  });
});
