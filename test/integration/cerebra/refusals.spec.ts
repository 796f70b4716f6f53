import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { z } from 'zod';
import { until } from '../../support/until.js';
import { GatewayFixture } from './gateway-fixture.js';

let gateway: GatewayFixture;

beforeAll(async () => {
  gateway = await GatewayFixture.start({ environment: { CEREBRA_MAX_BODY: '64KiB' } });
});

afterAll(() => gateway.stop());

const codings = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync };

const errorShape = z.strictObject({
  error: z.object({ message: z.string(), type: z.string(), param: z.string().nullable(), code: z.string() }),
});

/** Status, code and parameter of an answer in OpenAI's shape. */
async function refusal(reply: Response): Promise<{ status: number; code: string; param: string | null }> {
  expect(reply.headers.get('content-type')).toBe('application/json');
  expect(reply.headers.get('x-oco-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  const { error } = errorShape.parse(await reply.json());
  return { status: reply.status, code: error.code, param: error.param };
}

const messages = [{ role: 'user', content: 'hi' }];

describe('in the shape of OpenAI, the gateway refuses', () => {
  it.each([
    ['no key', {}],
    ['an unknown key', { authorization: 'Bearer oco_live_unknown' }],
    ["a provider's key", { authorization: 'Bearer sk-of-the-provider' }],
    ['another scheme', { authorization: 'Basic b2NvOg==' }],
    ['an empty key', { authorization: 'Bearer ' }],
  ])('%s', async (_, headers) => {
    const reply = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers, body: '{}' });
    expect(reply.headers.get('www-authenticate')).toBe('Bearer');
    expect(await refusal(reply)).toEqual({ status: 401, code: 'invalid_api_key', param: null });
  });

  it.each([
    ['malformed JSON', '{"model":"gpt-4o",', null],
    ['no JSON at all', 'hello', null],
    ['an empty body', '', null],
    ['a list', '[]', null],
    ['a missing model', { messages }, 'model'],
    ['a doubled model', '{"model":"gpt-4o","messages":[],"m\\u006fdel":"gpt-5-pro"}', 'model'],
    ['a broken limit', { model: 'gpt-4o', messages, max_tokens: 'all' }, 'max_tokens'],
  ])('%s', async (_, body, param) => {
    const { id, key } = await gateway.key();
    expect(await refusal(await gateway.chat(key, body))).toEqual({ status: 400, code: 'bad_request', param });
    expect(await gateway.rows(id)).toMatchObject([
      { outcome: 'refused', refusal: 'bad_request', status_code: 400, cost_pico: 0n, provider: null },
    ]);
  });

  it('a model that no provider has', async () => {
    const { key } = await gateway.key();
    const expected = { status: 404, code: 'model_not_found', param: 'model' };
    expect(await refusal(await gateway.chat(key, { model: 'demo/other', messages }))).toEqual(expected);
  });

  it.each([
    ['POST', '/v1/nothing', 404],
    ['PUT', '/v1/chat/completions', 405],
  ])('%s %s without waiting for a large body', async (method, path, status) => {
    const body = 'x'.repeat(2_000_000);
    const reply = await fetch(`${gateway.url}${path}`, {
      method,
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(reply.status).toBe(status);
  });

  it('a body that is too large, announced or not, and the connection is not left with its rest', async () => {
    const { id, key } = await gateway.key();
    const large = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'x'.repeat(100_000) }] });
    const announced = await gateway.chat(key, large);
    expect(announced.headers.get('connection')).toBe('close');
    expect(await refusal(announced)).toEqual({ status: 413, code: 'payload_too_large', param: null });
    const streamed = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: new Blob([large]).stream(),
      duplex: 'half',
    });
    expect(await refusal(streamed)).toEqual({ status: 413, code: 'payload_too_large', param: null });
    expect(await gateway.rows(id, 2)).toMatchObject([
      { outcome: 'refused', status_code: 413 },
      { outcome: 'refused', status_code: 413 },
    ]);
  });

  it('a body in a coding that it cannot undo', async () => {
    const { key } = await gateway.key();
    const reply = await gateway.chat(key, '{}', { 'content-encoding': 'compress' });
    expect(await refusal(reply)).toEqual({ status: 415, code: 'unsupported_media_type', param: null });
  });

  it('a body that is not in the coding that it names', async () => {
    const { key } = await gateway.key();
    const reply = await gateway.chat(key, '{}', { 'content-encoding': 'gzip' });
    expect(await refusal(reply)).toEqual({ status: 400, code: 'bad_request', param: null });
  });

  it.each(['gzip', 'deflate', 'br', 'zstd'] as const)('a small body that %s makes too large', async (coding) => {
    const { id, key } = await gateway.key();
    const body = codings[coding](JSON.stringify({ model: 'gpt-4o', x: 'x'.repeat(100_000) }));
    expect(body.length).toBeLessThan(1_000);
    const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-encoding': coding },
      body,
    });
    expect(await refusal(reply)).toEqual({ status: 413, code: 'payload_too_large', param: null });
    expect(await gateway.rows(id)).toMatchObject([{ outcome: 'refused', status_code: 413 }]);
  });

  it.each([
    ['GET', '/v1/chat/completions', 'POST'],
    ['DELETE', '/v1/chat/completions', 'POST'],
    ['POST', '/v1/models', 'GET, HEAD'],
  ])('%s of %s, and says what it takes', async (method, path, allow) => {
    const reply = await fetch(gateway.url + path, { method });
    expect(reply.headers.get('allow')).toBe(allow);
    expect(await refusal(reply)).toEqual({ status: 405, code: 'method_not_allowed', param: null });
  });

  it.each(['/v1', '/v1/', '/v1/unknown', '/v1/chat', '/v1/chat/completions/x?key=secret'])('%s', async (path) => {
    const reply = await fetch(gateway.url + path, { method: 'POST', body: '{}' });
    const text = await reply.clone().text();
    expect(text).not.toContain('secret');
    expect(await refusal(reply)).toEqual({ status: 404, code: 'not_found', param: null });
  });

  it('nothing of this reaches the provider', () => {
    expect(gateway.simulator.requests).toEqual([]);
  });
});

describe('the gateway', () => {
  it.each(['GET', 'HEAD'])('answers %s of / to whoever probes it', async (method) => {
    const reply = await fetch(`${gateway.url}/`, { method });
    expect(reply.status).toBe(200);
    expect((await reply.text()) === '').toBe(method === 'HEAD');
  });

  it('says 100 Continue to a client that waits for it, and does not ask the provider for it', async () => {
    const { key } = await gateway.key();
    const body = JSON.stringify({ model: 'gpt-4o', messages });
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.setEncoding('utf8');
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\nconnection: close\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n`,
    );
    let heard = '';
    socket.on('data', (text: string) => (heard += text));
    await until(() => heard.includes('100 Continue'));
    socket.write(body);
    await once(socket, 'close');
    expect(heard).toContain('200 OK');
    expect(gateway.simulator.requests.at(-1)?.headers['expect']).toBeUndefined();
    expect(gateway.simulator.requests.at(-1)?.body.toString()).toBe(body);
  });

  it('takes an expired key for none', async () => {
    const { key } = await gateway.key({ expires_at: new Date(Date.now() + 3_000).toISOString() });
    expect((await gateway.chat(key, { model: 'demo/echo', messages })).status).toBe(200);
    await until(async () => (await gateway.chat(key, { model: 'demo/echo', messages })).status === 401);
  });
});
