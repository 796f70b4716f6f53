import { z } from 'zod';
import type { OcoProcess } from './process.js';

const created = z.object({ key: z.string().startsWith('oco_live_') });

export const bearer = (key: string): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${key}`,
  'content-type': 'application/json',
});

/** A virtual key, with a budget that a test does not reach unless it wants to. */
export async function createVirtualKey(
  house: OcoProcess,
  limitUsd = 1_000,
  adminKey: string = house.adminKey,
): Promise<string> {
  const reply = await fetch(house.url('cerebra', '/api/v1/keys'), {
    method: 'POST',
    headers: bearer(adminKey),
    body: JSON.stringify({ name: `key ${Math.random()}`, budget: { limit_usd: limitUsd, period: 'monthly' } }),
  });
  if (reply.status !== 201) throw new Error(`${reply.status} ${await reply.text()}`);
  return created.parse(await reply.json()).key;
}

/** A call that needs no provider. */
export const echo = (key: string) => ({
  headers: bearer(key),
  body: JSON.stringify({ model: 'demo/echo', messages: [{ role: 'user', content: 'Hello!' }] }),
});

/** A stream that takes some 20 ms for each word. */
export const echoStream = (key: string, words: number) => ({
  headers: bearer(key),
  body: JSON.stringify({
    model: 'demo/echo',
    stream: true,
    messages: [{ role: 'user', content: 'word '.repeat(words) }],
  }),
});
