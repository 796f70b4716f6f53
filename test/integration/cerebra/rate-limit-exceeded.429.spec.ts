import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI, { RateLimitError } from 'openai';
import { until } from '../../support/until.js';
import { GatewayFixture } from './gateway-fixture.js';

let gateway: GatewayFixture;

beforeAll(async () => {
  gateway = await GatewayFixture.start({ simulator: { paceMs: 40 } });
});

afterAll(() => gateway.stop());

const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: 'What colour is the sea?' }], max_tokens: 10 };

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (reason: unknown) => reason,
  );

describe('a key with limits', () => {
  it('reaches the provider with no more calls a minute than it may, and each refusal has its row', async () => {
    const { id, key } = await gateway.key({ limits: { rpm: 5 } });
    const before = gateway.simulator.chats.length;
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async (_, turn) => {
        const reply = await gateway.chat(key, { ...chat, stream: turn % 2 === 0 });
        await reply.arrayBuffer();
        return reply.status;
      }),
    );
    expect(gateway.simulator.chats.length - before).toBe(5);
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(15);
    const rows = await gateway.rows(id, 20);
    expect(
      rows.filter(({ refusal, outcome }) => refusal === 'rate_limit_exceeded' && outcome === 'refused'),
    ).toHaveLength(15);
  });

  it('is refused so that the official client knows when to come again', async () => {
    const { key } = await gateway.key({ limits: { rpm: 1 } });
    const client = new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const ask = () =>
      client.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Sea?' }] });
    await ask();
    const thrown = await caught(ask());
    expect(thrown).toBeInstanceOf(RateLimitError);
    expect(thrown).toMatchObject({
      status: 429,
      code: 'rate_limit_exceeded',
      error: { oco: { limit: 'requests', most: 1 } },
    });
    const headers = thrown instanceof RateLimitError ? thrown.headers : new Headers();
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(50);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(headers.get('x-should-retry')).toBeNull();
    expect(headers.get('x-ratelimit-limit-requests')).toBe('1');
    expect(headers.get('x-ratelimit-remaining-requests')).toBe('0');
  });

  it('is told what is left of its own limits, and not of those that all share at the provider', async () => {
    const { key } = await gateway.key({ limits: { rpm: 100, tpm: 10_000 } });
    const reply = await gateway.chat(key, chat);
    await reply.arrayBuffer();
    const estimate = Math.ceil(JSON.stringify(chat).length / 4) + 10;
    expect(Object.fromEntries([...reply.headers].filter(([name]) => name.startsWith('x-ratelimit-')))).toEqual({
      'x-ratelimit-limit-requests': '100',
      'x-ratelimit-remaining-requests': '99',
      'x-ratelimit-reset-requests': '600ms',
      'x-ratelimit-limit-tokens': '10000',
      'x-ratelimit-remaining-tokens': String(10_000 - estimate),
      'x-ratelimit-reset-tokens': `${estimate * 6}ms`,
    });
    const free = await gateway.chat((await gateway.key()).key, chat);
    await free.arrayBuffer();
    expect(free.headers.get('x-ratelimit-limit-requests')).toBe('10000');
  });

  it('gets back the tokens that a call asked for and did not use', async () => {
    const { key } = await gateway.key({ limits: { tpm: 1_000 } });
    const call = async (): Promise<number> => {
      const reply = await gateway.chat(key, { ...chat, max_tokens: 900 });
      await reply.arrayBuffer();
      return reply.status;
    };
    for (let turn = 0; turn < 4; turn++) expect(await call()).toBe(200);
    const reply = await gateway.chat(key, { ...chat, max_tokens: 1_001 });
    expect(reply.status).toBe(429);
    expect(reply.headers.get('x-should-retry')).toBe('false');
    expect(reply.headers.get('retry-after')).toBeNull();
    expect(await reply.json()).toMatchObject({ error: { code: 'rate_limit_exceeded', type: 'rate_limit_error' } });
  });

  it('has a place free again whenever a call ends, is broken off by its client or fails', async () => {
    const { key } = await gateway.key({ limits: { parallel: 2 } });
    const long = { ...chat, stream: true, max_tokens: 10 };
    const aborts = [new AbortController(), new AbortController()];
    const running = await Promise.all(aborts.map(({ signal }) => gateway.chat(key, long, {}, signal)));
    expect(running.map(({ status }) => status)).toEqual([200, 200]);
    expect((await gateway.chat(key, chat)).status).toBe(429);
    for (const abort of aborts) abort.abort();
    await until(async () => {
      const replies = await Promise.all([gateway.chat(key, chat), gateway.chat(key, chat)]);
      await Promise.all(replies.map((reply) => reply.arrayBuffer()));
      return replies.every(({ status }) => status === 200);
    });
  });
});
