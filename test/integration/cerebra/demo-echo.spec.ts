import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { GatewayFixture } from './gateway-fixture.js';

let gateway: GatewayFixture;

beforeAll(async () => {
  gateway = await GatewayFixture.start();
});

afterAll(() => gateway.stop());

const client = (apiKey: string): OpenAI => new OpenAI({ apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });

const chat = {
  model: 'demo/echo',
  messages: [
    { role: 'system' as const, content: 'Be brief.' },
    { role: 'user' as const, content: 'Hello, wide world!' },
  ],
};

describe('demo/echo', () => {
  it('says what it was told, needs no provider, and costs what its price says', async () => {
    const { id, key } = await gateway.key({ budget: { limit_usd: 1, period: 'total' } });
    const said = await client(key).chat.completions.create(chat);
    expect(said.choices[0]?.message.content).toBe('Hello, wide world!');
    expect(said.usage).toMatchObject({ prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 });
    // 5 × 1 + 3 × 2 millionths of a dollar
    expect(await gateway.rows(id)).toMatchObject([
      { provider: 'demo', model: 'echo', requested_model: 'demo/echo', cost_pico: 11_000_000n, estimated: false },
    ]);
    expect(await gateway.budget(id)).toMatchObject({ settled: 11_000, reserved: 0 });
    expect(gateway.simulator.requests).toEqual([]);
  });

  it('streams, and stops at the limit', async () => {
    const { id, key } = await gateway.key();
    const stream = await client(key).chat.completions.create({ ...chat, stream: true, max_tokens: 2 });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk.choices[0]);
    expect(chunks.map((choice) => choice?.delta.content ?? '').join('')).toBe('Hello, wide ');
    expect(chunks.at(-1)?.finish_reason).toBe('length');
    expect(await gateway.rows(id)).toMatchObject([{ stream: true, output_tokens: 2, estimated: false }]);
  });

  it('says what it cannot read', async () => {
    const { key } = await gateway.key();
    const reply = await gateway.chat(key, { model: 'demo/echo' });
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ error: { param: 'messages' } });
  });

  it('is not there where the demo is off', async () => {
    const other = await GatewayFixture.start({ environment: { NODE_ENV: 'production', OPENAI_BASE_URL: '' } });
    const reply = await other.chat((await other.key()).key, chat);
    await other.stop();
    expect(reply.status).toBe(404);
  });
});
