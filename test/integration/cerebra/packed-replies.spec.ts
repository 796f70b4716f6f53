import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { json, sse, type Reply } from '../../simulators/reply.js';
import { completion, events } from '../../simulators/openai/wire.js';
import { endingOf } from './ending.js';
import { GatewayFixture } from './gateway-fixture.js';

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await GatewayFixture.start();
});
afterAll(() => gateway.stop());

const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: 'What colour is the sea?' }], max_tokens: 1_000 };
const streamed = { ...chat, stream: true, stream_options: { include_usage: true } };
const stream = events(streamed).join('');

const packers = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync, zstd: zstdCompressSync };
const codings = Object.entries(packers);

/** As it goes over the wire; fetch would unpack it. */
const packed = (coding: string, body: Buffer) => ({
  ...json(''),
  pieces: [body.subarray(0, 10), body.subarray(10)],
  headers: { 'content-type': 'application/json', 'content-encoding': coding, 'content-length': String(body.length) },
});

async function call(reply: Reply, body: object = chat) {
  const { id, key } = await gateway.key({ budget: { limit_usd: 1, period: 'total' } });
  gateway.simulator.next(reply);
  const answer = await gateway.chat(key, body);
  return { id, answer };
}

describe('a reply that the provider compressed unasked', () => {
  it.each(codings)('whole, in %s: passes as it came, and its usage is read', async (coding, pack) => {
    const { id, answer } = await call(packed(coding, pack(Buffer.from(completion(chat)))));
    expect(answer.headers.get('content-encoding')).toBe(coding);
    expect(await answer.json()).toMatchObject({ usage: { completion_tokens: 10 } });
    expect(await endingOf(gateway, id)).toMatchObject({ outcome: 'ok', estimated: false, output_tokens: 10 });
  });

  it.each(codings)('streamed, in %s: passes as it came, and its usage is read', async (coding, pack) => {
    const body = pack(Buffer.from(stream));
    const pieces = [body.subarray(0, 20), body.subarray(20)];
    const { id, answer } = await call(sse(pieces, { paceMs: 5, headers: { 'content-encoding': coding } }), streamed);
    expect(await answer.text()).toBe(stream);
    expect(await endingOf(gateway, id)).toMatchObject({ outcome: 'ok', estimated: false, output_tokens: 10 });
  });

  it('that tells no usage is estimated by its size when unpacked', async () => {
    const silent = JSON.stringify({ choices: [{ message: { content: 'blue '.repeat(400) } }] });
    const { id, answer } = await call(packed('gzip', gzipSync(silent)));
    await answer.arrayBuffer();
    expect(await endingOf(gateway, id)).toMatchObject({
      estimated: true,
      output_tokens: Math.ceil(silent.length / 4),
    });
  });

  it.each([
    ['in a coding that is not known here', packed('compress', Buffer.from('whatever it may be')), chat],
    ['in another coding than it says', packed('br', gzipSync(completion(chat))), chat],
    ['that becomes more than is unpacked', packed('gzip', gzipSync(Buffer.alloc(80 * 1024 ** 2))), chat],
    [
      'in a stream that is cut',
      sse([gzipSync(stream).subarray(0, 40)], { headers: { 'content-encoding': 'gzip' } }),
      streamed,
    ],
  ])('%s: the most that was asked for counts', async (_, reply, body) => {
    const { id, answer } = await call(reply, body);
    await answer.arrayBuffer().catch(() => undefined);
    expect(await endingOf(gateway, id)).toMatchObject({ outcome: 'ok', estimated: true, output_tokens: 1_000 });
  });
});
