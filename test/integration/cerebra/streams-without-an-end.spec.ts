import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { messageEvents } from '../../simulators/anthropic/wire.js';
import { chunks } from '../../simulators/gemini/wire.js';
import { responseEvents } from '../../simulators/openai/responses.js';
import { completion, events } from '../../simulators/openai/wire.js';
import { json, sse, type Reply } from '../../simulators/reply.js';
import { endingOf } from './ending.js';
import { GatewayFixture } from './gateway-fixture.js';

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await GatewayFixture.start();
});
afterAll(() => gateway.stop());

const messages = [{ role: 'user' as const, content: 'What colour is the sea?' }];
const model = 'claude-sonnet-4-5';
const message = { model, messages, stream: true, max_tokens: 500 };
const chat = { model: 'gpt-4o', messages, stream: true, stream_options: { include_usage: true }, max_tokens: 500 };
const response = { model: 'gpt-4o', input: 'What colour is the sea?', stream: true, max_output_tokens: 500 };
const contents = [{ role: 'user', parts: [{ text: 'What colour is the sea?' }] }];
const generate = { contents, generationConfig: { maxOutputTokens: 500 } };

const surfaces = {
  chat: {
    path: '/v1/chat/completions',
    body: chat,
    provider: 'simulator',
    error: '{"error":{"message":"Overloaded","code":503}}',
  },
  responses: {
    path: '/v1/responses',
    body: response,
    provider: 'simulator',
    error: '{"type":"error","code":"server_error","message":"Overloaded"}',
  },
  messages: {
    path: '/v1/messages',
    body: message,
    provider: 'anthropic',
    error: '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
  },
  gemini: {
    path: '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    body: generate,
    provider: 'gemini',
    error: '{"error":{"code":503,"message":"Overloaded","status":"UNAVAILABLE"}}',
  },
} as const;
type SurfaceName = keyof typeof surfaces;

async function call(surface: SurfaceName, reply: Reply, more: object = {}) {
  const { path, body, provider } = surfaces[surface];
  const { id, key } = await gateway.key({ budget: { limit_usd: 10, period: 'total' } });
  gateway[provider].next(reply);
  const answer = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ ...body, ...more }),
  });
  return { text: await answer.text(), row: () => endingOf(gateway, id) };
}

const streams: Readonly<Record<SurfaceName, readonly string[]>> = {
  chat: events(chat),
  responses: responseEvents(response),
  messages: messageEvents(message),
  gemini: chunks('gemini-2.5-flash', generate).map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`),
};
/** How many events there are before the first that has content. */
const OPENING: Readonly<Record<SurfaceName, number>> = { chat: 1, responses: 2, messages: 3, gemini: 0 };
const names = ['chat', 'responses', 'messages', 'gemini'] as const;

describe('a stream in which the provider tells an error, although its status was 200', () => {
  const withError = (name: SurfaceName, from: number): string[] => [
    ...streams[name].slice(0, from),
    `event: error\ndata: ${surfaces[name].error}\n\n`,
  ];

  it.each(names)('passes as it came, and is recorded as an error at the cost of what was seen: %s', async (name) => {
    const told = withError(name, OPENING[name] + 2);
    const { text, row } = await call(name, sse(told, { paceMs: 2 }));
    expect(text).toBe(told.join(''));
    const ended = await row();
    expect(ended).toMatchObject({ outcome: 'upstream_error', status_code: 200, estimated: true });
    expect(ended.output_tokens).toBeGreaterThanOrEqual(2);
    expect(ended.output_tokens).toBeLessThan(20);
  });

  it.each(names)('before it has shown anything, costs what it told: %s', async (name) => {
    const { row } = await call(name, sse(withError(name, OPENING[name])));
    const ended = await row();
    expect(ended).toMatchObject({ outcome: 'upstream_error', status_code: 200 });
    expect(ended.output_tokens).toBe(name === 'messages' ? 1 : 0);
  });

  it('is no matter of what the model says', async () => {
    const said = JSON.stringify({ choices: [{ delta: { content: 'error', error: { type: 'error' } } }] });
    const [first = '', ...rest] = events(chat);
    const { row } = await call('chat', sse([first, `data: ${said}\n\n`, ...rest]));
    expect(await row()).toMatchObject({ outcome: 'ok', estimated: false });
  });

  it('in a JSON array instead of events', async () => {
    const told = JSON.stringify([
      ...chunks('gemini-2.5-flash', generate).slice(0, 2),
      JSON.parse(surfaces.gemini.error),
    ]);
    const { text, row } = await call('gemini', json(`${told}\n`));
    expect(text).toBe(`${told}\n`);
    expect(await row()).toMatchObject({ outcome: 'upstream_error', status_code: 200 });
  });

  it('in a whole reply, which costs what it told', async () => {
    const { row } = await call('chat', json(surfaces.chat.error), { stream: false, stream_options: null });
    expect(await row()).toMatchObject({ outcome: 'upstream_error', status_code: 200, cost_pico: 0n });
    const told = completion({ ...chat, stream: false }).replace('{', '{"error":{"message":"late"},');
    const late = await call('chat', json(told), { stream: false, stream_options: null });
    expect(await late.row()).toMatchObject({ outcome: 'upstream_error', output_tokens: 10, estimated: false });
  });
});

describe('a stream that is cut', () => {
  it.each(names.filter((name) => name !== 'gemini'))(
    'before it has shown anything, may have been reasoning up to its limit: %s',
    async (name) => {
      const { row } = await call(name, sse(streams[name].slice(0, OPENING[name]), { ending: 'reset' }));
      const ended = await row();
      expect(ended).toMatchObject({ outcome: 'upstream_cut', estimated: true });
      expect(ended.output_tokens).toBe(500);
    },
  );

  it('behind usage that only opened it, costs at least what was seen since', async () => {
    const [start = '', block = '', , delta = ''] = streams.messages;
    const many = Array.from({ length: 40 }, () => delta);
    const { row } = await call('messages', sse([start, block, ...many], { ending: 'reset', paceMs: 1 }));
    const ended = await row();
    expect(ended).toMatchObject({ outcome: 'upstream_cut', estimated: true, cache_read_tokens: 10 });
    expect(ended.output_tokens).toBeGreaterThanOrEqual(40);
    expect(ended.output_tokens).toBeLessThan(60);
  });

  it('and one that ends well without its closing usage, too', async () => {
    const { row } = await call('messages', sse(streams.messages.slice(0, -2)));
    const ended = await row();
    expect(ended).toMatchObject({ outcome: 'ok', estimated: true });
    expect(ended.output_tokens).toBeGreaterThanOrEqual(8);
  });

  it('of a call with an image, may have read as much as the model can', async () => {
    const image = [{ type: 'image_url', image_url: { url: 'https://images.example/sea.png' } }];
    const { row } = await call('chat', sse(streams.chat.slice(0, 4), { ending: 'reset', paceMs: 2 }), {
      messages: [{ role: 'user', content: image }],
    });
    expect(await row()).toMatchObject({ outcome: 'upstream_cut', estimated: true, input_tokens: 128_000 });
  });
});
