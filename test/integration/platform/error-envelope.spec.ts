import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startManagedApp, type ManagedApp } from '../../support/managed-app.js';

describe('an error of the management API', () => {
  let managed: ManagedApp;
  beforeAll(async () => {
    managed = await startManagedApp();
  });
  afterAll(() => managed.stop());

  const envelope = (code: string, message: unknown = expect.any(String), details: unknown = {}): object => ({
    error: { code, message, details },
  });

  it.each([
    ['an unknown path', 'GET', '/nowhere', {}, 404, envelope('not_found', expect.stringContaining('/nowhere'))],
    [
      'an unknown path under the API, without a key',
      'GET',
      '/api/v1/nowhere',
      { key: null },
      404,
      envelope('not_found'),
    ],
    ['malformed JSON', 'POST', '/api/v1/widgets', { body: '{"name":' }, 400, envelope('bad_request')],
    ['a poisoned prototype', 'POST', '/api/v1/widgets', { body: '{"__proto__":{}}' }, 400, envelope('bad_request')],
    [
      'a body too large',
      'POST',
      '/api/v1/widgets',
      { body: JSON.stringify({ name: 'x'.repeat(1 << 20) }) },
      413,
      envelope('payload_too_large'),
    ],
    [
      'a form, which any web page could send',
      'POST',
      '/api/v1/widgets',
      { body: 'name=a', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      envelope('unsupported_media_type'),
    ],
    [
      'plain text',
      'POST',
      '/api/v1/widgets',
      { body: 'name', headers: { 'content-type': 'text/plain' } },
      415,
      envelope('unsupported_media_type'),
    ],
    ['a missing key', 'GET', '/api/v1/widgets', { key: null }, 401, envelope('unauthorized')],
    ['a wrong key', 'GET', '/api/v1/widgets', { key: 'oco_admin_wrong' }, 401, envelope('unauthorized')],
    [
      'a missing body',
      'POST',
      '/api/v1/widgets',
      {},
      422,
      envelope('validation_error', expect.any(String), { body: 'It is missing.' }),
    ],
    [
      'an unknown field',
      'POST',
      '/api/v1/widgets',
      { body: { name: 'a', limt_usd: 1 } },
      422,
      envelope('validation_error', "The request is not valid. Unknown field 'limt_usd'; did you mean 'limit_usd'?", {
        limt_usd: "Unknown field 'limt_usd'; did you mean 'limit_usd'?",
      }),
    ],
    [
      'an unknown parameter',
      'GET',
      '/api/v1/widgets?scop=own',
      {},
      422,
      envelope('validation_error', expect.any(String), { scop: "Unknown field 'scop'; did you mean 'scope'?" }),
    ],
    ['a path that cannot be decoded', 'GET', '/api/v1/widgets/%E0%A4%A', {}, 400, envelope('bad_request')],
    ['a parameter that is too long', 'DELETE', `/api/v1/widgets/${'x'.repeat(600)}`, {}, 414, envelope('bad_request')],
  ] as const)('tells %s', async (_what, method, path, options, status, body) => {
    const reply = await managed.call(method, path, options);
    expect({ status: reply.status, body: reply.body }).toEqual({ status, body });
    expect(reply.headers.get('x-oco-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it('hides a fault of ours, and logs it under the id that the caller was given', async () => {
    const reply = await managed.call('GET', '/api/v1/widgets/failing', { headers: { 'x-request-id': 'from-outside' } });
    expect(reply).toMatchObject({ status: 500, body: envelope('internal_error') });
    expect(JSON.stringify(reply.body)).not.toContain('hunter2');
    const id = reply.headers.get('x-oco-request-id');
    const line = managed.log.find((text) => text.includes('hunter2'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ request_id: id, caller_request_id: 'from-outside', level: 50 });
  });

  it('says which scheme a missing key is expected in', async () => {
    const reply = await managed.call('GET', '/api/v1/widgets', { key: null });
    expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="open-cloud-ops"');
  });

  it('never takes an id from the caller', async () => {
    const reply = await managed.call('GET', '/api/v1/widgets', {
      headers: { 'x-oco-request-id': 'mine', 'x-request-id': 'mine' },
    });
    expect(reply.headers.get('x-oco-request-id')).not.toBe('mine');
  });

  it('takes an empty body for none, whatever type it is said to have', async () => {
    const reply = await managed.call('DELETE', '/api/v1/widgets/w1', { body: '' });
    expect(reply.status).toBe(204);
  });

  it.each([
    ['what is not HTTP', 'nonsense\r\n\r\n', 400],
    ['a head that is too large', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
    ['a request of HTTP/1.1 without a host', 'GET /health/live HTTP/1.1\r\n\r\n', 400],
    ['an expectation that is none', 'GET /health/live HTTP/1.1\r\nhost: x\r\nexpect: 200-ok\r\n\r\n', 417],
  ])('answers %s', async (_what, sent, status) => {
    const answer = await rawCall(managed.url, sent);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(/\{.*\}/s.exec(answer)?.[0] ?? '')).toEqual(envelope('bad_request'));
  });

  it('leaves HTTP/1.0 alone, which knows no host', async () => {
    expect(await rawCall(managed.url, 'GET /api/v1/widgets/open HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /);
  });

  it('grants the expectation that HTTP knows', async () => {
    const head = 'host: x\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: 0\r\n\r\n';
    const answer = await rawCall(managed.url, `GET /api/v1/widgets/open HTTP/1.1\r\n${head}`);
    expect(answer).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 /);
  });
});

function rawCall(url: string, sent: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(sent));
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
