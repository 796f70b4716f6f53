import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import OpenAI from 'openai';
import { json } from '../../simulators/reply.js';
import { until } from '../../support/until.js';
import { GatewayFixture } from './gateway-fixture.js';

let gateway: GatewayFixture;

beforeAll(async () => {
  gateway = await GatewayFixture.start();
});

afterAll(() => gateway.stop());

const PROXIES = ['/api/v1/proxy', '/v1/proxy'];

interface Given extends Omit<RequestInit, 'headers'> {
  readonly headers?: Readonly<Record<string, string>>;
}

const call = (path: string, key: string, init: Given = {}): Promise<Response> =>
  fetch(`${gateway.url}/v1/proxy${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });

const free = { outcome: 'ok', cost_pico: 0n, estimated: false };

describe('what is passed through', () => {
  it.each(PROXIES)('below %s are calls of the official clients, metered and held to their budgets', async (proxy) => {
    const { id, key } = await gateway.key({ budget: { limit_usd: 1, period: 'total' } });
    const root = `${gateway.url}${proxy}`;
    const openai = new OpenAI({ apiKey: key, baseURL: `${root}/openai/v1`, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'What colour is the sea?' }];
    const chat = await openai.chat.completions.create({ model: 'gpt-4o', messages });
    expect(chat.usage?.completion_tokens).toBe(10);
    const anthropic = new Anthropic({ apiKey: key, baseURL: `${root}/anthropic`, maxRetries: 0 });
    const message = { model: 'claude-sonnet-4-6', max_tokens: 100, messages };
    expect(await anthropic.messages.stream(message).finalText()).toContain('blue');
    const gemini = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: `${root}/gemini` } });
    const contents = 'What colour is the sea?';
    expect((await gemini.models.generateContent({ model: 'gemini-2.5-flash', contents })).text).toContain('blue');
    const priced = {
      outcome: 'ok',
      estimated: false,
      cost_pico: expect.any(BigInt),
      price_version: expect.any(String),
    };
    const rows = await gateway.rows(id, 3);
    expect(rows).toMatchObject([
      { ...priced, provider: 'openai', model: 'gpt-4o', output_tokens: 10 },
      { ...priced, provider: 'anthropic', model: 'claude-sonnet-4-6', output_tokens: 8 },
      { ...priced, provider: 'gemini', model: 'gemini-2.5-flash', output_tokens: 3 },
    ]);
    for (const row of rows) expect(row.cost_pico).toBeGreaterThan(0n);
    const dear = openai.chat.completions.create({ model: 'gpt-4o', messages, max_tokens: 1e9 });
    await expect(dear).rejects.toMatchObject({ status: 429, code: 'budget_exceeded' });
    expect(await gateway.budget(id)).toMatchObject({ reserved: 0 });
  });

  it('asks for no usage that the client did not ask for', async () => {
    const { id, key } = await gateway.key();
    const body = '{ "model":"gpt-4o", "stream":true, "messages":[{"role":"user","content":"é"}] }';
    const reply = await call('/openai/v1/chat/completions', key, { method: 'POST', body });
    expect(await reply.text()).toContain('[DONE]');
    expect(gateway.simulator.requests.at(-1)?.body.toString()).toBe(body);
    expect(await gateway.rows(id)).toMatchObject([{ model: 'gpt-4o', outcome: 'ok', estimated: true }]);
  });

  it("may be anything: its bytes and headers go through as they are, but for what is the caller's own", async () => {
    const { id, key } = await gateway.key();
    const sent = randomBytes(3 * 1024 ** 2);
    const answer = randomBytes(1024 ** 2);
    const type = 'application/octet-stream';
    const headers = {
      'content-type': type,
      'openai-organization': 'org-x',
      cookie: `a=${key}`,
      'x-agent-id': 'forged',
    };
    gateway.simulator.next({ status: 201, headers: { 'content-type': type, 'x-request-id': 'r' }, pieces: [answer] });
    const reply = await call('/openai/files?purpose=batch', key, { method: 'POST', headers, body: sent });
    expect(reply.status).toBe(201);
    expect(Buffer.from(await reply.arrayBuffer()).equals(answer)).toBe(true);
    expect(reply.headers.get('x-request-id')).toBe('r');
    const seen = gateway.simulator.requests.at(-1);
    expect(seen?.path).toBe('/v1/files?purpose=batch');
    expect(seen?.body.equals(sent)).toBe(true);
    expect(seen?.headers).toMatchObject({
      authorization: 'Bearer sk-of-the-provider',
      'content-type': type,
      'openai-organization': 'org-x',
    });
    expect(JSON.stringify(seen?.headers)).not.toMatch(/oco_live|forged|cookie/);
    expect(await gateway.rows(id)).toMatchObject([
      { ...free, id: reply.headers.get('x-oco-request-id'), provider: 'openai', status_code: 201 },
    ]);
  });

  it.each(['GET', 'DELETE', 'PATCH'])('may be a %s', async (method) => {
    const { id, key } = await gateway.key();
    gateway.simulator.next(json('{"deleted":true}', 404, { 'set-cookie': 'x=y' }));
    const reply = await call('/openai/v1/files/file-1', key, { method });
    expect([reply.status, await reply.text()]).toEqual([404, '{"deleted":true}']);
    expect(reply.headers.get('set-cookie')).toBeNull();
    expect(gateway.simulator.requests.at(-1)).toMatchObject({ method, path: '/v1/files/file-1' });
    expect(await gateway.rows(id)).toMatchObject([{ outcome: 'upstream_error', status_code: 404, cost_pico: 0n }]);
  });

  it('may be a WebSocket', async () => {
    const { id, key } = await gateway.key();
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1').setEncoding('utf8');
    let heard = '';
    socket.on('data', (text: string) => (heard += text));
    socket.write(
      `GET /v1/proxy/openai/v1/realtime?model=gpt-realtime HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n` +
        'connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: aGVsbG8=\r\n\r\n',
    );
    await until(() => heard.includes('101 Switching Protocols'));
    socket.write('ping');
    await until(() => heard.endsWith('ping'));
    socket.end();
    await once(socket, 'close');
    const seen = gateway.simulator.requests.at(-1);
    expect(seen?.path).toBe('/v1/realtime?model=gpt-realtime');
    expect(seen?.headers.authorization).toBe('Bearer sk-of-the-provider');
    expect(await gateway.rows(id)).toMatchObject([{ ...free, provider: 'openai', status_code: 101, stream: true }]);
  });
});

describe('what cannot be held is refused', () => {
  it.each([
    ['a hard budget', { budget: { limit_usd: 100, period: 'total' as const } }, 400],
    ['a list of models', { allowed_models: ['gpt-*'] }, 403],
  ])('by %s', async (_, fields, status) => {
    const { id, key } = await gateway.key(fields);
    const before = gateway.simulator.requests.length;
    const image = await call('/openai/v1/images/generations', key, { method: 'POST', body: '{"model":"gpt-image-1"}' });
    expect(image.status).toBe(status);
    const upgrade = { connection: 'upgrade', upgrade: 'websocket' };
    const realtime = await rawStatus('/v1/proxy/openai/v1/realtime', { ...upgrade, authorization: `Bearer ${key}` });
    expect(realtime).toBe(status);
    expect(gateway.simulator.requests).toHaveLength(before);
    expect(await gateway.rows(id)).toMatchObject([{ outcome: 'refused', status_code: status, cost_pico: 0n }]);
  });

  it('but not what costs nothing', async () => {
    const { key } = await gateway.key({ budget: { limit_usd: 100, period: 'total' } });
    for (const [method, path] of [
      ['GET', '/openai/v1/files'],
      ['POST', '/openai/v1/files'],
    ]) {
      gateway.simulator.next(json('{}'));
      const reply = await call(path ?? '', key, { method, body: method === 'GET' ? null : 'x' });
      expect([path, reply.status]).toEqual([path, 200]);
      await reply.arrayBuffer();
    }
  });

  it.each([
    ['/nobody/v1/files', 404],
    ['/demo/v1/files', 404],
    ['/openai', 404],
  ])('%s is %i', async (path, status) => {
    const { key } = await gateway.key();
    expect((await call(path, key)).status).toBe(status);
    expect((await call(path, 'oco_live_nobody')).status).toBe(401);
  });

  it('what would leave the API of its provider', async () => {
    const { key } = await gateway.key();
    const headers = { authorization: `Bearer ${key}`, connection: 'close' };
    expect(await rawStatus('/v1/proxy/openai/v1/../../admin', headers)).toBe(404);
    expect(await rawStatus('/v1/proxy/openai/v1/%2e%2e/admin', headers)).toBe(404);
  });

  it('a stranger, also as a WebSocket', async () => {
    const upgrade = { connection: 'upgrade', upgrade: 'websocket' };
    expect(await rawStatus('/v1/proxy/openai/v1/realtime', upgrade)).toBe(401);
    expect((await call('/openai/v1/files', 'oco_live_nobody')).status).toBe(401);
  });
});

describe('a call that breaks', () => {
  const head = { status: 200, headers: { 'content-type': 'text/plain' } };

  it('before it is answered is answered with 502, and has its row', async () => {
    const { id, key } = await gateway.key();
    gateway.simulator.next({ ...head, pieces: [], ending: 'reset' });
    const reply = await call('/openai/v1/files/f/content', key);
    expect(reply.status).toBe(502);
    expect(await reply.json()).toMatchObject({ error: { code: 'upstream_error' } });
    expect(await gateway.rows(id)).toMatchObject([{ outcome: 'upstream_cut', status_code: 502 }]);
  });

  it('within its answer has its row', async () => {
    const { id, key } = await gateway.key();
    gateway.simulator.next({ ...head, pieces: ['half'], ending: 'reset' });
    const reply = await call('/openai/v1/files/f/content', key);
    await expect(reply.text()).rejects.toThrow();
    expect(await gateway.rows(id)).toMatchObject([{ outcome: 'upstream_cut' }]);
  });

  it('because its client leaves has its row', async () => {
    const { id, key } = await gateway.key();
    gateway.simulator.next({ ...head, pieces: ['half'], ending: 'never' });
    const leave = new AbortController();
    const reply = await call('/openai/v1/files/f/content', key, { signal: leave.signal });
    leave.abort();
    expect(reply.status).toBe(200);
    expect(await gateway.rows(id)).toMatchObject([{ outcome: 'client_abort' }]);
    await until(() => gateway.simulator.requests.at(-1)?.aborted === true);
  });
});

/** The status of a request that `fetch` would not send. */
async function rawStatus(path: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1').setEncoding('utf8');
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n${lines.join('')}\r\n`);
  let heard = '';
  socket.on('data', (text: string) => (heard += text));
  await once(socket, 'close');
  return Number(heard.split(' ')[1]);
}
