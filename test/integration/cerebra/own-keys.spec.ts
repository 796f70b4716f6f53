import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import OpenAI, { AuthenticationError } from 'openai';
import { until } from '../../support/until.js';
import { GatewayFixture } from './gateway-fixture.js';

// The keys that the simulators accept are the callers'; the configured ones open nothing there.
const OPENAI_KEY = 'sk-of-a-caller-of-openai';
const ANTHROPIC_KEY = 'sk-ant-of-the-provider';
const GEMINI_KEY = 'AIza-of-the-provider';

let gateway: GatewayFixture;

beforeAll(async () => {
  gateway = await GatewayFixture.start({
    simulator: { apiKey: OPENAI_KEY },
    environment: {
      CEREBRA_AUTH: 'both',
      OPENAI_API_KEY: 'sk-configured',
      ANTHROPIC_API_KEY: 'sk-ant-configured',
      GEMINI_API_KEY: 'AIza-configured',
    },
  });
});

afterAll(() => gateway.stop());

const question = 'What colour is the sea?';
const messages = [{ role: 'user' as const, content: question }];

/** The headers by which an official client says whom it calls for. */
const from = (agent: string) => ({
  'X-Org-ID': 'acme',
  'X-Team-ID': 'search',
  'X-Agent-ID': agent,
  'X-User-ID': 'auth0|42',
});

const attributed = { key_id: null, org_id: 'acme', team_id: 'search', user_id: 'auth0|42' };
const priced = { ...attributed, outcome: 'ok', estimated: false, price_version: expect.any(String) };

const openAi = (path: string, agent: string, apiKey = OPENAI_KEY): OpenAI =>
  new OpenAI({ apiKey, baseURL: gateway.url + path, maxRetries: 0, defaultHeaders: from(agent) });

const anthropic = (path: string, agent: string): Anthropic =>
  new Anthropic({ apiKey: ANTHROPIC_KEY, baseURL: gateway.url + path, maxRetries: 0, defaultHeaders: from(agent) });

const gemini = (path: string, agent: string): GoogleGenAI =>
  new GoogleGenAI({ apiKey: GEMINI_KEY, httpOptions: { baseUrl: gateway.url + path, headers: from(agent) } });

describe("with the caller's own key", () => {
  it.each(['/v1', '/v1/proxy/openai/v1'])("OpenAI's client works below %s", async (path) => {
    const agent = `openai${path}`;
    const client = openAi(path, agent);
    const chat = await client.chat.completions.create({ model: 'gpt-4o', messages });
    expect(chat.choices[0]?.message.content).toContain('blue');
    expect((await client.responses.create({ model: 'gpt-4o', input: question })).output_text).toContain('blue');
    const stream = await client.chat.completions.create({ model: 'gpt-4o', messages, stream: true });
    let said = '';
    for await (const chunk of stream) said += chunk.choices[0]?.delta.content ?? '';
    expect(said).toContain('blue');
    expect((await client.models.list()).data.map(({ id }) => id)).toContain('gpt-4o');
    const rows = await gateway.rowsOf('agent', agent, 3);
    for (const row of rows) expect(row).toMatchObject({ ...attributed, outcome: 'ok', provider: 'openai' });
    expect(rows[0]).toMatchObject(priced);
    expect(rows[0]?.cost_pico).toBeGreaterThan(0n);
  });

  it.each(['', '/anthropic', '/v1/proxy/anthropic'])("Anthropic's client works below %p", async (path) => {
    const agent = `anthropic${path}`;
    const client = anthropic(path, agent);
    const asked = { model: 'claude-sonnet-4-6', max_tokens: 100, messages };
    expect(await client.messages.create(asked)).toMatchObject({ stop_reason: 'end_turn' });
    expect(await client.messages.stream(asked).finalText()).toContain('blue');
    expect(await gateway.rowsOf('agent', agent, 2)).toMatchObject([
      { ...priced, provider: 'anthropic' },
      { ...priced, provider: 'anthropic' },
    ]);
    expect((await client.models.list()).data.length).toBeGreaterThan(0);
  });

  it.each(['', '/gemini', '/v1/proxy/gemini'])("Gemini's client works below %p", async (path) => {
    const agent = `gemini${path}`;
    const { models } = gemini(path, agent);
    const asked = { model: 'gemini-2.5-flash', contents: question };
    expect((await models.generateContent(asked)).text).toContain('blue');
    let said = '';
    for await (const chunk of await models.generateContentStream(asked)) said += chunk.text ?? '';
    expect(said).toContain('blue');
    expect(await gateway.rowsOf('agent', agent, 2)).toMatchObject([
      { ...priced, provider: 'gemini' },
      { ...priced, provider: 'gemini' },
    ]);
  });

  it("it alone goes upstream, in its own header, beside nothing of the gateway's", async () => {
    const { key } = await gateway.key();
    const headers = { 'x-api-key': key, cookie: `key=${key}`, ...from('untouched') };
    expect((await gateway.chat(OPENAI_KEY, { model: 'gpt-4o', messages }, headers)).status).toBe(200);
    const sent = gateway.simulator.requests.at(-1)?.headers ?? {};
    expect(sent).toMatchObject({ authorization: `Bearer ${OPENAI_KEY}` });
    expect(JSON.stringify(sent)).not.toMatch(/oco_live|configured|acme|cookie|untouched/);
  });

  it('in the query it works too, but goes on as a header', async () => {
    const path = '/v1beta/models/gemini-2.5-flash:generateContent';
    const reply = await fetch(`${gateway.url}${path}?key=${GEMINI_KEY}`, {
      method: 'POST',
      headers: from('in-query'),
      body: JSON.stringify({ contents: [{ parts: [{ text: question }] }] }),
    });
    expect(reply.status).toBe(200);
    const sent = gateway.gemini.requests.at(-1);
    expect([sent?.path, sent?.headers['x-goog-api-key']]).toEqual([path, GEMINI_KEY]);
  });

  it('anything else passes through, WebSockets included', async () => {
    const headers = { authorization: `Bearer ${OPENAI_KEY}`, ...from('files') };
    const reply = await fetch(`${gateway.url}/v1/proxy/openai/v1/files`, { method: 'POST', headers, body: 'x' });
    expect(reply.status).toBe(404);
    expect(await reply.text()).toContain('Invalid URL (POST /v1/files)');
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1').setEncoding('utf8');
    let heard = '';
    socket.on('data', (text: string) => (heard += text));
    socket.write(
      `GET /v1/proxy/openai/v1/realtime HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${OPENAI_KEY}\r\n` +
        'x-agent-id: files\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n',
    );
    await until(() => heard.includes('101 Switching Protocols'));
    socket.end();
    await once(socket, 'close');
    expect(gateway.simulator.requests.at(-1)?.headers.authorization).toBe(`Bearer ${OPENAI_KEY}`);
    expect(await gateway.rowsOf('agent', 'files', 2)).toMatchObject([
      { ...attributed, outcome: 'upstream_error', status_code: 404 },
      { outcome: 'ok', status_code: 101, team_id: null },
    ]);
  });

  it('a wrong one is told of by the provider', async () => {
    const call = openAi('/v1', 'wrong', 'sk-wrong').chat.completions.create({ model: 'gpt-4o', messages });
    await expect(call).rejects.toBeInstanceOf(AuthenticationError);
    expect(await gateway.rowsOf('agent', 'wrong')).toMatchObject([{ outcome: 'upstream_error', status_code: 401 }]);
  });

  it('it goes to no provider that the caller did not name, and the demo needs none', async () => {
    const reply = await gateway.chat('anything', { model: 'demo/echo', messages }, from('demo'));
    expect(reply.status).toBe(200);
    expect((await openAi('/v1', 'nobody').models.list()).data.map(({ id }) => id)).toContain('demo/echo');
  });
});

describe('a virtual key beside own keys', () => {
  it('counts as whom it was made for, whatever headers say, even where it is not allowed to', async () => {
    const { id, key } = await gateway.key({ user_id: 'u1' });
    const headers = { ...from('forged'), 'x-user-id': '"hostile"' };
    await (await gateway.chat(key, { model: 'demo/echo', messages }, headers)).text();
    expect(await gateway.rows(id)).toMatchObject([{ org_id: null, team_id: null, agent_id: null, user_id: 'u1' }]);
  });

  it.each(['oco_live_unknown', 'oco_admin_whatever'])('never goes upstream, known or not: %s', async (key) => {
    const before = gateway.simulator.requests.length;
    expect((await gateway.chat(key, { model: 'gpt-4o', messages })).status).toBe(401);
    expect(gateway.simulator.requests).toHaveLength(before);
  });
});

describe('headers that attribute', () => {
  it.each([
    ['a space', 'a b'],
    ['quotes', '"x"'],
    ['a comma, as when sent twice', 'a, b'],
    ['markup', '<script>'],
    ['no ASCII', 'caf\u00e9'],
    ['201 characters', 'x'.repeat(201)],
  ])('are refused with %s, in the shape of the surface', async (_, value) => {
    const headers = { authorization: `Bearer ${OPENAI_KEY}`, 'x-team-id': value };
    const ask = (path: string, more = {}) =>
      fetch(gateway.url + path, { method: 'POST', headers: { ...headers, ...more }, body: '{}' });
    const chat = await ask('/v1/chat/completions');
    expect([chat.status, await chat.json()]).toMatchObject([400, { error: { code: 'bad_request', param: null } }]);
    const message = await ask('/v1/messages');
    expect([message.status, await message.json()]).toMatchObject([
      400,
      { type: 'error', error: { type: 'invalid_request_error', message: expect.stringContaining('x-team-id') } },
    ]);
    const content = await ask('/v1beta/models/gemini-2.5-flash:generateContent');
    expect([content.status, await content.json()]).toMatchObject([400, { error: { status: 'INVALID_ARGUMENT' } }]);
    expect((await ask('/v1/proxy/openai/v1/files')).status).toBe(400);
  });

  it('say nothing when they are empty', async () => {
    const reply = await gateway.chat('sk-x', { model: 'demo/echo', messages }, { ...from('blank'), 'X-Team-ID': '' });
    await reply.text();
    expect(await gateway.rowsOf('agent', 'blank')).toMatchObject([{ org_id: 'acme', team_id: null }]);
  });
});

describe('who may show what', () => {
  const chat = { model: 'demo/echo', messages };

  it.each([
    ['keys', 200, 401],
    ['passthrough', 401, 200],
  ])('with CEREBRA_AUTH=%s', async (CEREBRA_AUTH, virtual, own) => {
    const other = await GatewayFixture.start({
      environment: { CEREBRA_AUTH, OPENAI_BASE_URL: '', OPENAI_API_KEY: '' },
    });
    const { key } = await other.key();
    expect((await other.chat(key, chat)).status).toBe(virtual);
    expect((await other.chat('sk-own', chat, { 'x-agent-id': '"hostile"' })).status).toBe(own === 200 ? 400 : 401);
    expect((await other.chat('sk-own', chat)).status).toBe(own);
    await other.stop();
  });

  it('a provider without a configured key is there only for own keys', async () => {
    const other = await GatewayFixture.start({
      environment: { CEREBRA_AUTH: 'both', OPENAI_BASE_URL: '', OPENAI_API_KEY: '' },
    });
    const { key } = await other.key();
    expect((await other.chat(key, { model: 'gpt-4o', messages })).status).toBe(404);
    const headers = { authorization: `Bearer ${key}` };
    expect((await fetch(`${other.url}/v1/proxy/openai/v1/files`, { headers })).status).toBe(404);
    await other.stop();
  });
});
