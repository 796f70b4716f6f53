import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { json, sse } from '../../simulators/reply.js';
import { completion, events } from '../../simulators/openai/wire.js';
import { until } from '../../support/until.js';
import { endingOf } from './ending.js';
import { GatewayFixture } from './gateway-fixture.js';

let gateway: GatewayFixture;

beforeAll(async () => {
  gateway = await GatewayFixture.start({ environment: { CEREBRA_UPSTREAM_TIMEOUT_MS: '1000' } });
});

afterAll(() => gateway.stop());

const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: 'What colour is the sea?' }], max_tokens: 100 };
const streamed = { ...chat, stream: true };
const asked = events({ ...streamed, stream_options: { include_usage: true } });

const budgeted = () => gateway.key({ budget: { limit_usd: 1, period: 'total' } });

/** The payloads that a reader of server-sent events would see. */
const payloads = (text: string): string[] =>
  text
    .split(/\n\n/)
    .filter((event) => event.startsWith('data: '))
    .map((event) => event.slice('data: '.length));

const ending = (keyId: string) => endingOf(gateway, keyId);

describe('when the client goes away', () => {
  it('in the middle of a stream, the call is billed once, for what the provider produced', async () => {
    const { id, key } = await budgeted();
    gateway.simulator.next(sse(asked, { paceMs: 30 }));
    const leave = new AbortController();
    const reply = await gateway.chat(key, streamed, {}, leave.signal);
    await reply.body?.getReader().read();
    leave.abort();
    const row = await ending(id);
    expect(row).toMatchObject({ outcome: 'client_abort', status_code: 200, estimated: false, output_tokens: 10 });
    expect(gateway.simulator.chats.at(-1)?.aborted).toBe(false);
  });

  it('and the provider goes on and on, it is given up, and its row is an estimate', async () => {
    const { id, key } = await budgeted();
    const endless = Array.from({ length: 5_000 }, () => `data: {"x":"${'y'.repeat(2_000)}"}\n\n`);
    gateway.simulator.next(sse([...asked.slice(0, 3), ...endless], { paceMs: 1 }));
    const leave = new AbortController();
    const reply = await gateway.chat(key, streamed, {}, leave.signal);
    await reply.body?.getReader().read();
    leave.abort();
    const row = await ending(id);
    expect(row).toMatchObject({ outcome: 'client_abort', estimated: true });
    expect(row.cost_pico).toBeGreaterThan(0n);
    await until(() => gateway.simulator.chats.at(-1)?.aborted === true);
  });

  it('before a reply that is not streamed, that is still heard to its end', async () => {
    const { id, key } = await budgeted();
    gateway.simulator.next({ ...json(completion(chat)), waitMs: 150 });
    const leave = new AbortController();
    const reply = gateway.chat(key, chat, {}, leave.signal);
    await until(() => gateway.simulator.chats.at(-1)?.body.toString() === JSON.stringify(chat));
    leave.abort();
    await expect(reply).rejects.toThrow('aborted');
    expect(await ending(id)).toMatchObject({ outcome: 'client_abort', status_code: 499, estimated: false });
  });
});

describe('when the provider breaks off', () => {
  it('a stream, the client gets the whole events, then an error, and no [DONE]', async () => {
    const { id, key } = await budgeted();
    gateway.simulator.next(
      sse([...asked.slice(0, 3), 'data: {"choices":[{"delta":{"con'], { ending: 'reset', paceMs: 5 }),
    );
    const text = await (await gateway.chat(key, streamed)).text();
    expect(text.startsWith(asked.slice(0, 3).join(''))).toBe(true);
    const seen = payloads(text);
    expect(seen).toHaveLength(4);
    expect(JSON.parse(seen[3] ?? '')).toMatchObject({ error: { type: 'server_error', code: 'upstream_error' } });
    expect(text).not.toContain('[DONE]');
    const row = await ending(id);
    expect(row).toMatchObject({ outcome: 'upstream_cut', status_code: 200, estimated: true });
    expect(row.output_tokens).toBeGreaterThanOrEqual(4);
    expect(row.output_tokens).toBeLessThan(10);
  });

  it('a stream before anything was said, the most that was asked for counts: it may have reasoned', async () => {
    const { id, key } = await budgeted();
    gateway.simulator.next(sse(asked.slice(0, 1), { ending: 'reset' }));
    await (await gateway.chat(key, streamed)).text();
    expect(await ending(id)).toMatchObject({ outcome: 'upstream_cut', estimated: true, output_tokens: 100 });
  });

  it('before its reply has begun, it is a 502', async () => {
    const { id, key } = await budgeted();
    gateway.simulator.next({
      ...json('{}'),
      status: 200,
      pieces: [],
      headers: { 'content-length': '5' },
      ending: 'reset',
    });
    const reply = await gateway.chat(key, chat);
    expect(reply.status).toBe(502);
    expect(await reply.json()).toMatchObject({ error: { code: 'upstream_error' } });
    // Nothing was seen of the output: the most that was asked for counts.
    expect(await ending(id)).toMatchObject({
      outcome: 'upstream_cut',
      status_code: 502,
      estimated: true,
      output_tokens: 100,
    });
  });

  it('a large reply that has been passed on in part, the connection is broken too', async () => {
    const { id, key } = await budgeted();
    const half = `{"choices":[{"message":{"content":"${'x'.repeat(100_000)}`;
    gateway.simulator.next({ ...json(half), headers: { 'content-length': '200000' }, ending: 'reset', paceMs: 50 });
    const reply = await gateway.chat(key, chat);
    expect(reply.status).toBe(200);
    await expect(reply.text()).rejects.toThrow();
    expect(await ending(id)).toMatchObject({ outcome: 'upstream_cut', status_code: 200, estimated: true });
  });
});

describe('when the provider stays silent', () => {
  it('before the first byte, it is a 504', async () => {
    const { id, key } = await budgeted();
    gateway.simulator.next({ ...json('{}'), waitMs: 60_000 });
    const reply = await gateway.chat(key, chat);
    expect(reply.status).toBe(504);
    expect(await reply.json()).toMatchObject({ error: { code: 'upstream_timeout' } });
    expect(await ending(id)).toMatchObject({ outcome: 'upstream_timeout', status_code: 504, estimated: true });
    await until(() => gateway.simulator.chats.at(-1)?.aborted === true);
  });

  it('between two events, the stream ends with an error', async () => {
    const { id, key } = await budgeted();
    gateway.simulator.next(sse(asked.slice(0, 2), { ending: 'never' }));
    const seen = payloads(await (await gateway.chat(key, streamed)).text());
    expect(seen).toHaveLength(3);
    expect(JSON.parse(seen[2] ?? '')).toMatchObject({ error: { code: 'upstream_timeout' } });
    expect(await ending(id)).toMatchObject({ outcome: 'upstream_timeout', status_code: 200, estimated: true });
  });
});

describe('what is odd passes through', () => {
  it('a stream that ends without telling its usage: the row is an estimate', async () => {
    const { id, key } = await budgeted();
    const silent = events(streamed);
    gateway.simulator.next(sse(silent));
    expect(await (await gateway.chat(key, streamed)).text()).toBe(silent.join(''));
    expect(await ending(id)).toMatchObject({ outcome: 'ok', estimated: true, output_tokens: silent.length });
  });

  it.each([Number.MAX_SAFE_INTEGER, 100_000_001])(
    'a usage of %d tokens, which cannot be: the row is an estimate within the bound',
    async (absurd) => {
      for (const body of [chat, streamed]) {
        const { id, key } = await budgeted();
        const told = (text: string) => text.replace(/"completion_tokens":\d+/, `"completion_tokens":${absurd}`);
        gateway.simulator.next(body === chat ? json(told(completion(chat))) : sse(asked.map(told)));
        await (await gateway.chat(key, body)).text();
        const row = await ending(id);
        expect(row).toMatchObject({ outcome: 'ok', estimated: true });
        expect(row.output_tokens).toBeGreaterThan(0);
        expect(row.output_tokens).toBeLessThanOrEqual(100);
      }
    },
  );

  it('HTML with status 200', async () => {
    const { id, key } = await budgeted();
    const page = { ...json('<html>Hello</html>'), headers: { 'content-type': 'text/html', 'x-odd': 'yes' } };
    gateway.simulator.next(page);
    const reply = await gateway.chat(key, chat);
    expect(reply.headers.get('content-type')).toBe('text/html');
    expect(reply.headers.get('x-odd')).toBe('yes');
    expect(await reply.text()).toBe('<html>Hello</html>');
    expect(await ending(id)).toMatchObject({ outcome: 'ok', estimated: true });
  });

  it('a large reply, unchanged and billed', async () => {
    const { id, key } = await budgeted();
    const large = completion(chat).replace('blue', 'blue'.repeat(100_000));
    gateway.simulator.next(json(large));
    const reply = await gateway.chat(key, chat);
    expect(reply.headers.get('content-length')).toBe(String(Buffer.byteLength(large)));
    expect((await reply.text()) === large).toBe(true);
    expect(await ending(id)).toMatchObject({ outcome: 'ok', estimated: false, output_tokens: 10 });
  });
});

it('a client that reads slowly slows the provider down, and what waits stays small', async () => {
  const { key } = await budgeted();
  const pieces = Array.from({ length: 400 }, () => `data: {"x":"${'y'.repeat(100_000)}"}\n\n`);
  gateway.simulator.next(sse([...pieces, ...asked]));
  const reply = await gateway.chat(key, streamed);
  const call = gateway.simulator.chats.at(-1);
  let seen = 0;
  let still = 0;
  // Until nothing has moved for a while.
  await until(() => {
    const sent = call?.sent ?? 0;
    still = sent > 0 && sent === seen ? still + 1 : 0;
    seen = sent;
    return still === 15;
  });
  expect(seen).toBeLessThan(200);
  const bytes = (await reply.arrayBuffer()).byteLength;
  const shown = asked.filter((event) => !event.includes('"usage":{'));
  expect(bytes).toBe(Buffer.byteLength([...pieces, ...shown].join('')));
});

it('a provider that cannot be reached is a 502 at no cost', async () => {
  const { id, key } = await budgeted();
  await gateway.simulator.stop();
  const reply = await gateway.chat(key, chat);
  expect(reply.status).toBe(502);
  expect(await reply.json()).toMatchObject({ error: { code: 'upstream_error' } });
  expect(await ending(id)).toMatchObject({
    outcome: 'upstream_error',
    status_code: 502,
    cost_pico: 0n,
    estimated: false,
  });
});
