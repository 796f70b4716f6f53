import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { completion, events } from '../../simulators/openai/wire.js';
import { json, raw, sse } from '../../simulators/reply.js';
import { GatewayFixture } from './gateway-fixture.js';

const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: 'What colour is the sea?' }], max_tokens: 20 };
const streamed = { ...chat, stream: true, stream_options: { include_usage: true } };

describe.each(['own', 'undici'])('with CEREBRA_UPSTREAM_CLIENT=%s', (client) => {
  let gateway: GatewayFixture;
  let id = '';
  let key = '';

  beforeAll(async () => {
    const environment = { CEREBRA_UPSTREAM_CLIENT: client, CEREBRA_UPSTREAM_TIMEOUT_MS: '1000' };
    gateway = await GatewayFixture.start({ environment });
    ({ id, key } = await gateway.key({ budget: { limit_usd: 10, period: 'total' } }));
  });
  afterAll(() => gateway.stop());

  const outcomes = async (atLeast: number) => (await gateway.rows(id, atLeast)).map(({ outcome }) => outcome);

  it('replies and streams come through byte for byte, and what goes wrong has its outcome', async () => {
    const whole = completion(chat);
    gateway.simulator.next(json(whole, 200, { 'x-request-id': 'req_1' }));
    const reply = await gateway.chat(key, chat);
    expect([reply.status, reply.headers.get('x-request-id'), await reply.text()]).toEqual([200, 'req_1', whole]);

    const pieces = events(streamed);
    gateway.simulator.next(sse(pieces));
    expect(await (await gateway.chat(key, streamed)).text()).toBe(pieces.join(''));

    gateway.simulator.next(json('{"error":{"message":"busy"}}', 429, { 'retry-after': '1' }));
    const busy = await gateway.chat(key, chat);
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '1']);

    gateway.simulator.next(sse(pieces.slice(0, 2), { ending: 'reset' }));
    expect(await (await gateway.chat(key, streamed)).text()).toContain('"error"');

    expect(await outcomes(4)).toEqual(['ok', 'ok', 'upstream_error', 'upstream_cut']);
    expect(await gateway.budget(id)).toMatchObject({ reserved: 0 });
  });

  it.each(['100 Continue', '101 Switching Protocols', '600 Odd', '999 Odd', '099 Odd'])(
    'a reply that begins with %s, which nobody asked for, is none: a 502',
    async (status) => {
      const budgeted = await gateway.key({ budget: { limit_usd: 10, period: 'total' } });
      gateway.simulator.next(raw(`HTTP/1.1 ${status}\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}`));
      const reply = await gateway.chat(budgeted.key, chat);
      expect(reply.status).toBe(502);
      expect(await reply.json()).toMatchObject({ error: { code: 'upstream_error' } });
      expect(await gateway.rows(budgeted.id)).toMatchObject([
        { outcome: 'upstream_cut', status_code: 502, estimated: true, output_tokens: 20 },
      ]);
    },
  );

  it.each(['102 Processing', '103 Early Hints'])('what comes before it, as %s, is passed over', async (status) => {
    gateway.simulator.next(raw(`HTTP/1.1 ${status}\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}`));
    const reply = await gateway.chat(key, chat);
    expect([reply.status, reply.headers.get('link'), await reply.text()]).toEqual([200, null, '{}']);
  });

  it('lists what the provider has', async () => {
    const reply = await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
    expect(await reply.json()).toMatchObject({
      data: expect.arrayContaining([expect.objectContaining({ object: 'model' })]),
    });
  });

  it('carries many calls at once on connections that are used again', async () => {
    const replies = await Promise.all(Array.from({ length: 100 }, () => gateway.chat(key, chat)));
    await Promise.all(replies.map((reply) => reply.arrayBuffer()));
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([200]));
  });
});
