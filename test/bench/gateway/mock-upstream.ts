// The cheapest upstream that speaks the wire format: whole replies made once, written in one piece.
// Usage: node mock-upstream.ts PORT. A request whose body asks for a stream gets 50 events and [DONE].
import { createServer, type Socket } from 'node:net';

const usage = {
  prompt_tokens: 212,
  completion_tokens: 31,
  total_tokens: 243,
  prompt_tokens_details: { cached_tokens: 0 },
};
const content = 'The order was shipped on Tuesday and should arrive within three working days. '.repeat(2);
const completion = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_760_000_000,
  model: 'gpt-4o-mini-2024-07-18',
  choices: [
    { index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: 'stop' },
  ],
  usage,
  service_tier: 'default',
});

const head = (fields: string): string =>
  `HTTP/1.1 200 OK\r\ndate: Wed, 25 Nov 2026 00:00:00 GMT\r\n${fields}\r\nopenai-processing-ms: 245\r\nopenai-version: 2020-10-01\r\nx-ratelimit-limit-requests: 10000\r\nx-ratelimit-remaining-requests: 9999\r\nx-request-id: req_bench\r\nconnection: keep-alive\r\n\r\n`;

const event = (choices: unknown[], used: unknown): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_760_000_000, model: 'gpt-4o-mini-2024-07-18', choices, usage: used })}\n\n`;

const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const delta = event([{ index: 0, delta: { content: ' word' }, finish_reason: null }], null);

const whole = Buffer.from(
  head(`content-type: application/json\r\ncontent-length: ${Buffer.byteLength(completion)}`) + completion,
);
const streamHead = Buffer.from(head('content-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked'));
const streamEvent = Buffer.from(chunk(delta));
const streamEnd = Buffer.from(chunk(event([], usage)) + chunk('data: [DONE]\n\n') + '0\r\n\r\n');
export const EVENTS = 50;

const HEAD_END = Buffer.from('\r\n\r\n');
const STREAM = Buffer.from('"stream":true');

function serve(socket: Socket): void {
  let pending: Buffer = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
    for (;;) {
      const end = pending.indexOf(HEAD_END);
      if (end < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(pending.subarray(0, end).toString('latin1'))?.[1] ?? 0);
      const total = end + 4 + length;
      if (pending.length < total) return;
      const streamed = pending.subarray(end, total).includes(STREAM);
      pending = pending.subarray(total);
      if (streamed) stream(socket, 0);
      else socket.write(whole);
    }
  });
}

// One event per turn of the loop, so that the events travel apart as they do from a real model.
function stream(socket: Socket, sent: number): void {
  if (sent === 0) socket.write(streamHead);
  if (sent < EVENTS) {
    socket.write(streamEvent);
    setImmediate(stream, socket, sent + 1);
  } else socket.write(streamEnd);
}

createServer(serve).listen(Number(process.argv[2]), '127.0.0.1', 4_096, () => process.stdout.write('ready\n'));
