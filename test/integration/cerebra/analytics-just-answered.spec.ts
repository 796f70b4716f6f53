import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import { GatewayFixture } from './gateway-fixture.js';

const ADMIN_KEY = 'an-admin-key-of-the-environment';

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await GatewayFixture.start({ environment: { OCO_ADMIN_KEY: ADMIN_KEY } });
});
afterAll(() => gateway.stop());

const counted = z.object({ total_requests: z.number() });
const replies = {
  '/api/v1/analytics/summary': z.object({ totals: counted }).transform(({ totals }) => totals),
  '/api/v1/report': z.object({ report: counted }).transform(({ report }) => report),
  '/api/v1/analytics/trends?interval=month': z.object({ data: z.tuple([counted]) }).transform(({ data }) => data[0]),
};

it.each(Object.entries(replies))('%s counts a call that was answered a moment ago', async (path, reply) => {
  const { key } = await gateway.key();
  const count = async (): Promise<number> => {
    const response = await fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    return reply.parse(await response.json()).total_requests;
  };
  const before = await count();
  await (await gateway.chat(key, { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] })).text();
  expect(await count()).toBe(before + 1);
});
