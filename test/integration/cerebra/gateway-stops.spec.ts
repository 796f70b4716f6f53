import { expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { drain } from '../../../src/platform/http/drain.js';
import { sse } from '../../simulators/reply.js';
import { events } from '../../simulators/openai/wire.js';
import { GatewayFixture } from './gateway-fixture.js';

const streamed = { model: 'gpt-4o', messages: [{ role: 'user', content: 'What colour is the sea?' }], stream: true };

it('lets streams end when it stops; those that do not in time end with an error, and every one has its row', async () => {
  const gateway = await GatewayFixture.start();
  const asked = events({ ...streamed, stream_options: { include_usage: true } });
  gateway.simulator.next(sse(asked, { paceMs: 20 }), sse(asked.slice(0, 3), { ending: 'never' }));
  const short = await gateway.key();
  const long = await gateway.key();
  const ends = await gateway.chat(short.key, streamed);
  const hangs = await gateway.chat(long.key, streamed);

  const texts = Promise.all([ends.text(), hangs.text()]);
  expect(await drain(gateway.app.getHttpServer(), 2_000)).toBe(0);
  const [whole, broken] = await texts;
  expect(whole).toMatch(/data: \[DONE\]\n\n$/);
  expect(broken.startsWith(asked.slice(0, 3).join(''))).toBe(true);
  expect(broken).not.toContain('[DONE]');
  expect(JSON.parse(broken.trim().split('data: ').at(-1) ?? '')).toMatchObject({
    error: { code: 'service_unavailable' },
  });

  expect(await gateway.rows(short.id)).toMatchObject([{ outcome: 'ok', estimated: false }]);
  expect(await gateway.rows(long.id)).toMatchObject([{ outcome: 'shutdown', status_code: 200, estimated: true }]);
  expect(gateway.app.get(DataSource, { strict: false }).isInitialized).toBe(true);
  await gateway.stop();
});
