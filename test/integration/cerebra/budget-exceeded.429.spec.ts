import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI, { RateLimitError } from 'openai';
import { createBudgetBody } from '../../../src/cerebra/budgets/budgets.dto.js';
import { BudgetsService } from '../../../src/cerebra/budgets/budgets.service.js';
import { GatewayFixture } from './gateway-fixture.js';

let gateway: GatewayFixture;

beforeAll(async () => {
  gateway = await GatewayFixture.start();
});

afterAll(() => gateway.stop());

const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: 'What colour is the sea?' }], max_tokens: 10 };

/** What the simulator's answer to {@link chat} costs: tokens × 2,500 and 10 × 10,000 nano-USD. */
const PROMPT_TOKENS = Math.ceil(JSON.stringify(chat.messages).length / 4);
const COST = PROMPT_TOKENS * 2_500 + 10 * 10_000;

describe('a hard budget', () => {
  it('for 20 calls lets at most 20 of 200 parallel calls reach the provider, streamed and not', async () => {
    const limit = 20 * COST;
    const { id, key } = await gateway.key({ budget: { limit_usd: limit / 1e9, period: 'total' } });
    const before = gateway.simulator.chats.length;
    const replies = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const reply = await gateway.chat(key, { ...chat, stream: index % 2 === 0 });
        await reply.arrayBuffer();
        return reply.status;
      }),
    );
    const reached = gateway.simulator.chats.length - before;
    expect(reached).toBeGreaterThan(0);
    expect(reached).toBeLessThanOrEqual(20);
    expect(replies.filter((status) => status === 200)).toHaveLength(reached);
    expect(replies.filter((status) => status === 429)).toHaveLength(200 - reached);
    const rows = await gateway.rows(id, 200);
    expect(rows.filter(({ outcome }) => outcome === 'ok')).toHaveLength(reached);
    expect(rows.filter(({ refusal }) => refusal === 'budget_exceeded')).toHaveLength(200 - reached);
    expect(await gateway.budget(id)).toMatchObject({ settled: reached * COST, reserved: 0 });
  });

  it('made right after calls counts them, though their rows are still on the way to the database', async () => {
    const { id, key } = await gateway.key();
    for (let call = 0; call < 5; call++) await (await gateway.chat(key, chat)).arrayBuffer();
    const period = 'daily';
    const made = await gateway.app
      .get(BudgetsService, { strict: false })
      .create(createBudgetBody.parse({ scope: 'key', entity_id: id, limit_usd: 1, period }));
    expect(made).toBeDefined();
    expect(await gateway.budget(id)).toMatchObject({ settled: 5 * COST, reserved: 0 });
  });

  it('refuses in a way that says why, and that no client tries again', async () => {
    const { id, key } = await gateway.key({ budget: { limit_usd: 0.0001, period: 'monthly' } });
    let sent = 0;
    const counted = (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
      sent++;
      return fetch(url, init);
    };
    const client = new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1`, maxRetries: 5, fetch: counted });
    const before = gateway.simulator.chats.length;
    const thrown = await client.chat.completions
      .create({ ...chat, messages: [{ role: 'user', content: 'What colour is the sea?' }], stream: false })
      .then(
        () => null,
        (reason: unknown) => reason,
      );
    expect(sent).toBe(1);
    expect(thrown).toBeInstanceOf(RateLimitError);
    const body = JSON.stringify({
      ...chat,
      messages: [{ role: 'user', content: 'What colour is the sea?' }],
      stream: false,
    });
    expect(thrown).toMatchObject({
      status: 429,
      code: 'budget_exceeded',
      type: 'insufficient_quota',
      error: {
        oco: {
          scope: 'key',
          entity_id: id,
          limit_usd: 0.0001,
          spent_usd: 0,
          reserved_usd: 0,
          bound_usd: (body.length * 2_500 + 10 * 10_000) / 1e9,
          resets_at: expect.stringMatching(/^\d{4}-\d{2}-01T00:00:00\.000Z$/),
        },
      },
    });
    expect(gateway.simulator.chats).toHaveLength(before);
    const rows = await gateway.rows(id);
    expect(rows).toMatchObject([{ outcome: 'refused', refusal: 'budget_exceeded', status_code: 429, cost_pico: 0n }]);
  });

  it('tells what is left of it', async () => {
    const { key } = await gateway.key({ budget: { limit_usd: 1, period: 'daily' } });
    const reply = await gateway.chat(key, chat);
    await reply.arrayBuffer();
    expect(Number(reply.headers.get('x-oco-budget-remaining-usd'))).toBeCloseTo(1 - COST / 1e9, 9);
  });

  it('does not cover a model whose price is not known', async () => {
    const { key } = await gateway.key({ budget: { limit_usd: 1, period: 'daily' } });
    const reply = await gateway.chat(key, { ...chat, model: 'openai/of-tomorrow' });
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ error: { code: 'price_unknown', param: 'model' } });
  });
});

describe('without a hard budget, a model whose price is not known', () => {
  it.each([[{}], [{ budget: { limit_usd: 1, period: 'daily' as const, hard: false } }]])(
    'is forwarded, at no cost and flagged: %j',
    async (fields) => {
      const { id, key } = await gateway.key(fields);
      const reply = await gateway.chat(key, { ...chat, model: 'openai/of-tomorrow' });
      expect(await reply.json()).toMatchObject({ model: 'of-tomorrow' });
      expect(await gateway.rows(id)).toMatchObject([
        { model: 'of-tomorrow', outcome: 'ok', cost_pico: 0n, estimated: true, output_tokens: 10 },
      ]);
    },
  );
});
