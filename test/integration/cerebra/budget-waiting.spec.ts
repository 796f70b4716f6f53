import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../support/until.js';
import { GatewayFixture } from './gateway-fixture.js';

let gateway: GatewayFixture;

beforeAll(async () => {
  gateway = await GatewayFixture.start({ simulator: { paceMs: 300 }, environment: { CEREBRA_BUDGET_WAIT_MS: '3000' } });
});

afterAll(() => gateway.stop());

const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: 'What colour is the sea?' }], max_tokens: 10 };

/** What a call may cost at most: bytes × 2,500 and 10 × 10,000 nano-USD. */
const BOUND_USD = (JSON.stringify(chat).length * 2_500 + 10 * 10_000) / 1e9;

/** A key whose budget pays for one call at a time. */
const narrowKey = () => gateway.key({ budget: { limit_usd: Number((BOUND_USD * 1.9).toFixed(9)), period: 'total' } });

describe('a call that its budget can pay for once another has settled', () => {
  it('waits for that, is told how long, and does not count the wait as the gateway’s own time', async () => {
    const { key } = await narrowKey();
    const [first, second] = await Promise.all([gateway.chat(key, chat), gateway.chat(key, chat)]);
    expect([first.status, second.status]).toEqual([200, 200]);
    const waits = [first, second]
      .map(({ headers }) => Number(headers.get('x-oco-budget-wait-ms') ?? 0))
      .sort((a, b) => a - b);
    expect(waits[0]).toBe(0);
    expect(waits[1]).toBeGreaterThan(200);
    for (const { headers } of [first, second]) expect(Number(headers.get('x-oco-overhead-us'))).toBeLessThan(200_000);
  });

  it('leaves the queue when its client goes away: nothing is sent or held, and it has its row', async () => {
    const { id, key } = await narrowKey();
    const before = gateway.simulator.chats.length;
    const running = gateway.chat(key, chat);
    await until(() => gateway.simulator.chats.length === before + 1);
    const abort = new AbortController();
    const leaving = gateway.chat(key, chat, {}, abort.signal).catch(() => null);
    await until(async () => (await metric('cerebra_budget_waiting')) === 1);
    abort.abort();
    await leaving;
    await until(async () => (await metric('cerebra_budget_waiting')) === 0);
    expect((await running).status).toBe(200);
    const rows = await gateway.rows(id, 2);
    expect(rows.map(({ outcome }) => outcome).sort()).toEqual(['client_abort', 'ok']);
    expect(rows.find(({ outcome }) => outcome === 'client_abort')).toMatchObject({ status_code: 499, cost_pico: 0n });
    expect(gateway.simulator.chats).toHaveLength(before + 1);
    expect(await gateway.budget(id)).toMatchObject({ reserved: 0 });
  });
});

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}
