import { z } from 'zod';
import { bearer } from './gateway-client.js';

/** A gateway as its clients reach it. */
export interface Gateway {
  readonly url: string;
}

const named = z.object({ id: z.string(), key: z.string() });
const budgets = z.object({
  budgets: z.array(
    z.object({ limit_usd: z.number(), spent_usd: z.number(), reserved_usd: z.number(), remaining_usd: z.number() }),
  ),
});

/** A model whose prompt is free and whose reply costs a tenth of a cent for each of its ten words. */
export const WORD_USD = 0.0001;
export const REPLY_USD = 10 * WORD_USD;

export async function priceWords({ url }: Gateway, adminKey: string): Promise<void> {
  const reply = await fetch(`${url}/api/v1/prices/openai/gpt-4o`, {
    method: 'PUT',
    headers: bearer(adminKey),
    body: JSON.stringify({ usd_per_million: { input: '0', output: '100' } }),
  });
  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
}

/** A key with a budget that it alone draws on. */
export async function budgetedKey({ url }: Gateway, adminKey: string, limitUsd: number, fields: object = {}) {
  const body = JSON.stringify({ name: 'storm', budget: { limit_usd: limitUsd, period: 'total' }, ...fields });
  const reply = await fetch(`${url}/api/v1/keys`, { method: 'POST', headers: bearer(adminKey), body });
  return named.parse(await reply.json());
}

export async function budgetOfKey({ url }: Gateway, adminKey: string, keyId: string) {
  const reply = await fetch(`${url}/api/v1/budgets?scope=key&entity_id=${keyId}`, { headers: bearer(adminKey) });
  const [budget] = budgets.parse(await reply.json()).budgets;
  if (budget === undefined) throw new Error(`Key ${keyId} has no budget.`);
  return budget;
}

export async function isKnownTo(gateways: readonly Gateway[], key: string): Promise<boolean> {
  const replies = await Promise.all(gateways.map(({ url }) => fetch(`${url}/v1/models`, { headers: bearer(key) })));
  return replies.every(({ ok }) => ok);
}

/** A call as it ended. */
export interface Answered {
  readonly status: number;
  readonly waitedMs: number;
  readonly maxOutput: string | null;
}

/** So many calls at once, in turn to each gateway, every other one streamed. */
export const storm = (gateways: readonly Gateway[], key: string, calls: number, limits: object): Promise<Answered[]> =>
  Promise.all(
    Array.from({ length: calls }, async (_, index) => {
      const { url = '' } = gateways[index % gateways.length] ?? {};
      const reply = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: bearer(key),
        body: JSON.stringify({
          model: 'gpt-4o',
          messages: [{ role: 'user', content: 'What colour is the sea?' }],
          stream: index % 4 < 2,
          ...limits,
        }),
      });
      await reply.arrayBuffer();
      return {
        status: reply.status,
        waitedMs: Number(reply.headers.get('x-oco-budget-wait-ms') ?? 0),
        maxOutput: reply.headers.get('x-oco-max-output-tokens'),
      };
    }),
  );
