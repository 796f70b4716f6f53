import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { PricesService } from '../../../src/cerebra/pricing/prices.service.js';
import { setPriceBody } from '../../../src/cerebra/pricing/prices.dto.js';
import { json, sse } from '../../simulators/reply.js';
import { GatewayFixture } from './gateway-fixture.js';

let gateway: GatewayFixture;

beforeAll(async () => {
  gateway = await GatewayFixture.start();
});

afterAll(() => gateway.stop());

async function setPrice(model: string, body: z.input<typeof setPriceBody>, provider = 'openai'): Promise<string> {
  const prices = gateway.app.get(PricesService, { strict: false });
  return (await prices.set(provider, model, setPriceBody.parse(body))).dated.price.version;
}

const chat = (model: string, more: object = {}) => ({
  model,
  messages: [{ role: 'user', content: 'Hello.' }],
  max_tokens: 100,
  ...more,
});

const reply = (more: object = {}) =>
  json(JSON.stringify({ choices: [], usage: { prompt_tokens: 1_000, completion_tokens: 100 }, ...more }));

const refusal = z.object({ error: z.object({ oco: z.object({ bound_usd: z.number() }) }) });

describe('a call', () => {
  it('costs what was set for its model, and its row names that price', async () => {
    const version = await setPrice('set-here', { usd_per_million: { input: '0.0028', output: '3' } });
    const { id, key } = await gateway.key();
    gateway.simulator.next(reply());
    expect((await gateway.chat(key, chat('set-here'))).status).toBe(200);
    // 1,000 × 2.8 + 100 × 3,000 nano-USD = 302,800
    expect(await gateway.rows(id)).toMatchObject([
      { cost_pico: 302_800_000n, price_version: version, estimated: false },
    ]);
    await setPrice('set-here', { usd_per_million: { input: '1', output: '1' } });
    gateway.simulator.next(reply());
    await gateway.chat(key, chat('set-here'));
    // 1,100 × 1,000 nano-USD
    expect((await gateway.rows(id, 2))[1]).toMatchObject({ cost_pico: 1_100_000_000n });
  });

  it('is held at the price of the tier that it asks for, and charged at that of the one that served it', async () => {
    await setPrice('tiered', {
      usd_per_million: { input: '2', output: '8' },
      tiers: { priority: { input: '3.5', output: '14' } },
    });
    const body = JSON.stringify(chat('tiered', { service_tier: 'priority' }));
    // As many tokens as bytes × 3,500 + 100 × 14,000 nano-USD
    const bound = body.length * 3_500 + 1_400_000;
    const tight = await gateway.key({ budget: { limit_usd: (bound - 1) / 1e9, period: 'total' } });
    const refused = await gateway.chat(tight.key, body);
    expect(refused.status).toBe(429);
    expect(refusal.parse(await refused.json()).error.oco.bound_usd).toBe(bound / 1e9);

    const { id, key } = await gateway.key({ budget: { limit_usd: 1, period: 'total' } });
    gateway.simulator.next(reply({ service_tier: 'default' }), reply({ service_tier: 'priority' }));
    await gateway.chat(key, body);
    await gateway.chat(key, body);
    // 1,000 × 2,000 + 100 × 8,000, then 1,000 × 3,500 + 100 × 14,000
    expect(await gateway.rows(id, 2)).toMatchObject([
      { cost_pico: 2_800_000_000n, estimated: false },
      { cost_pico: 4_900_000_000n, estimated: false },
    ]);
    expect(await gateway.budget(id)).toMatchObject({ settled: 7_700_000, reserved: 0 });
  });

  it('is an estimate where it was served in a tier that has no price', async () => {
    await setPrice('one-tier', { usd_per_million: { input: '2', output: '8' } });
    const { id, key } = await gateway.key();
    gateway.simulator.next(reply({ service_tier: 'flex' }));
    await gateway.chat(key, chat('one-tier'));
    expect(await gateway.rows(id)).toMatchObject([{ cost_pico: 2_800_000_000n, estimated: true }]);
  });

  it('tells its tier in a stream, too', async () => {
    const { id, key } = await gateway.key();
    const usage = { prompt_tokens: 1_000, completion_tokens: 100 };
    const last = JSON.stringify({ choices: [], service_tier: 'flex', usage });
    gateway.simulator.next(sse([Buffer.from(`data: ${last}\n\ndata: [DONE]\n\n`)]));
    await (await gateway.chat(key, chat('gpt-5', { stream: true, service_tier: 'flex' }))).text();
    // Half of 1,000 × 1,250 + 100 × 10,000
    expect(await gateway.rows(id)).toMatchObject([{ cost_pico: 1_125_000_000n, estimated: false }]);
  });

  it('is held with the fees of all searches that it allows, and charged with those that were made', async () => {
    await setPrice(
      'searching',
      { usd_per_million: { input: '5', output: '25' }, usd_each: { web_search: '0.01' }, context_tokens: 10_000 },
      'anthropic',
    );
    const body = JSON.stringify({
      ...chat('searching'),
      tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 5 }],
    });
    const ask = (key: string) =>
      fetch(`${gateway.url}/v1/messages`, {
        method: 'POST',
        headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
        body,
      });
    // What is found may fill the window: 10,000 × 5,000 + 100 × 25,000 + 5 × 10,000,000 nano-USD
    const bound = 102_500_000;
    const tight = await gateway.key({ budget: { limit_usd: (bound - 1) / 1e9, period: 'total' } });
    const refused = await ask(tight.key);
    expect(refused.status).toBe(429);
    expect(refusal.parse(await refused.json()).error.oco.bound_usd).toBe(bound / 1e9);

    const { id, key } = await gateway.key({ budget: { limit_usd: 1, period: 'total' } });
    const usage = { input_tokens: 2_500, output_tokens: 400, server_tool_use: { web_search_requests: 3 } };
    gateway.anthropic.next(json(JSON.stringify({ type: 'message', content: [], usage })));
    expect((await ask(key)).status).toBe(200);
    // 2,500 × 5,000 + 400 × 25,000 + 3 × 10,000,000
    expect(await gateway.rows(id)).toMatchObject([{ cost_pico: 52_500_000_000n, estimated: false }]);
    expect(await gateway.budget(id)).toMatchObject({ settled: 52_500_000, reserved: 0 });
  });
});
