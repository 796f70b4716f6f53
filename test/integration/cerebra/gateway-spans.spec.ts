import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { json } from '../../simulators/reply.js';
import { OtlpReceiver } from '../../support/otlp-receiver.js';
import { until } from '../../support/until.js';
import { GatewayFixture } from './gateway-fixture.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PROMPT = 'the-prompt-that-nobody-may-keep';
const REPLY = 'the-reply-that-nobody-may-keep';

let receiver: OtlpReceiver;
let gateway: GatewayFixture;
beforeAll(async () => {
  receiver = await OtlpReceiver.start();
  gateway = await GatewayFixture.start({ environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint } });
});
afterAll(() => receiver.stop());

it("each call leaves a span in the caller's trace, without a word of what was said", async () => {
  const { id, key } = await gateway.key();
  const spoken = { choices: [{ message: { content: REPLY } }], usage: { prompt_tokens: 3, completion_tokens: 2 } };
  gateway.simulator.next(json(JSON.stringify(spoken)));
  const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: PROMPT }] };
  const traceparent = `00-${TRACE_ID}-00f067aa0ba902b7-01`;
  await (await gateway.chat(key, chat, { traceparent })).text();
  await (await gateway.chat(`${key}x`, chat)).text();
  await (await gateway.chat(key, `{"model":"gpt-4o","messages":"${PROMPT}`)).text();
  await gateway.rows(id, 2);
  // Sends what is left.
  await gateway.stop();
  await until(() => receiver.traces.includes('chat gpt-4o'));

  const { traces } = receiver;
  expect(traces.includes(Buffer.from(TRACE_ID, 'hex'))).toBe(true);
  expect(traces.includes(id)).toBe(true);
  for (const secret of [PROMPT, REPLY, key]) expect([secret, traces.includes(secret)]).toEqual([secret, false]);
  // Providers are no part of it.
  expect(gateway.simulator.requests.map(({ headers }) => headers['traceparent'])).toEqual([undefined]);
});
