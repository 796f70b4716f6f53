import { mutated } from './mutations.js';
import type { Random } from './random.js';

/** What a server does with one request, byte for byte. */
export interface ReplyScript {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly requestBody: Buffer | null;
  /** Answers on the request's first bytes, and never reads the rest. */
  readonly early: boolean;
  readonly pieces: readonly Buffer[];
  /** Behind the last piece: nothing for a while, the end of the stream, or a reset. */
  readonly ending: 'keep' | 'end' | 'reset';
  /** What was done to a valid reply, in order. */
  readonly mutations: readonly string[];
  /** Unchanged, with its end in sight, and the connection may carry the next call. Null: changed, so who knows. */
  readonly clean: boolean | null;
}

interface Reply {
  readonly bytes: Buffer;
  readonly clean: boolean;
  readonly untilClose: boolean;
}

const STATUSES = [
  '200 OK',
  '201 Created',
  '204 No Content',
  '304 Not Modified',
  '400 ',
  '429 Slow',
  '500',
  '599 x',
] as const;
const EXTENSIONS = ['', '', ';a', ';a=b', ';a="b;\\"c"', ';x;y=z'] as const;
const FIELDS = ['Date: now', 'x-empty:', 'X-Two:a', 'x-two:\t b ', 'x-e: y', 'x-word: \xe9\xff'] as const;
const INTERIM = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';
/** More than the sockets' buffers hold. */
const UNREAD_BODY = Buffer.alloc(8 * 1024 ** 2, 'x');

export function replyScript(random: Random): ReplyScript {
  const method = random.pick<ReplyScript['method']>(['POST', 'POST', 'POST', 'GET', 'HEAD']);
  const early = method === 'POST' && random.chance(0.1);
  const reply = validReply(random, method);
  const { bytes, names } = random.chance(0.6) ? mutated(reply.bytes, random) : { bytes: reply.bytes, names: [] };
  // An early reply is followed by no reset: whether it or the reply is seen first would be chance.
  const ends = reply.untilClose || random.chance(0.3);
  const ending = ends ? random.pick<ReplyScript['ending']>(['end', early ? 'end' : 'reset', 'end']) : 'keep';
  const clean = reply.clean && ending === 'keep' && !early && method !== 'HEAD';
  return {
    method,
    requestBody: method !== 'POST' ? null : early ? UNREAD_BODY : Buffer.from('{}'),
    early,
    pieces: split(bytes, random),
    ending,
    mutations: names,
    clean: names.length === 0 ? clean : null,
  };
}

function validReply(random: Random, method: string): Reply {
  const status = random.pick(STATUSES);
  const bodyless = method === 'HEAD' || status.startsWith('204') || status.startsWith('304');
  const framing = bodyless
    ? random.pick(['none', 'none', 'length'])
    : random.pick(['length', 'length', 'chunks', 'chunks', 'close']);
  const close = random.chance(0.1);
  const hint = random.chance(0.1) ? random.pick([1, 5, 60]) : null;
  const body = randomBody(random);
  const fields: string[] = [];
  for (let i = random.below(5); i > 0; i--) fields.push(random.pick(FIELDS));
  if (framing === 'length') fields.push(`Content-Length: ${method === 'HEAD' || !bodyless ? body.length : 0}`);
  if (framing === 'chunks') fields.push('Transfer-Encoding: chunked');
  if (close) fields.push('Connection: close');
  if (hint !== null) fields.push(`Keep-Alive: timeout=${hint}`);
  fields.sort(() => random.next() - 0.5);
  const version = random.chance(0.9) ? '1.1' : '1.0';
  if (version === '1.0' && framing === 'chunks') fields.splice(fields.indexOf('Transfer-Encoding: chunked'), 1);
  const head = [`HTTP/${version} ${status}`, ...fields, '', ''].join('\r\n');
  const interim = random.chance(0.15) ? INTERIM.repeat(1 + random.below(2)) : '';
  const untilClose = !bodyless && (framing === 'close' || (version === '1.0' && framing === 'chunks'));
  const content = bodyless ? Buffer.alloc(0) : framing === 'chunks' && !untilClose ? chunked(body, random) : body;
  const overrun = !untilClose && random.chance(0.1) ? random.pick(['\r\n', 'x', INTERIM, head]) : '';
  return {
    bytes: Buffer.concat([Buffer.from(interim + head, 'latin1'), content, Buffer.from(overrun, 'latin1')]),
    clean: !close && hint !== 1 && version === '1.1' && !untilClose && overrun === '',
    untilClose,
  };
}

function randomBody(random: Random): Buffer {
  const body = Buffer.alloc(random.chance(0.1) ? 100_000 : random.below(600));
  for (let i = 0; i < body.length; i++)
    body[i] = random.chance(0.1) ? random.pick([0x0d, 0x0a, 0x30]) : random.below(256);
  return body;
}

function chunked(body: Buffer, random: Random): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const size = Math.min(body.length - at, 1 + random.below(body.length > 10_000 ? 40_000 : 200));
    const digits = size.toString(16).padStart(random.chance(0.1) ? 6 : 1, '0');
    const line = `${random.chance(0.5) ? digits : digits.toUpperCase()}${random.pick(EXTENSIONS)}\r\n`;
    parts.push(Buffer.from(line), body.subarray(at, at + size), Buffer.from('\r\n'));
    at += size;
  }
  const trailers = random.chance(0.3) ? 'X-Sum: 1\r\nx-two:\r\n' : '';
  return Buffer.concat([...parts, Buffer.from(`0${random.pick(EXTENSIONS)}\r\n${trailers}\r\n`)]);
}

function split(bytes: Buffer, random: Random): Buffer[] {
  // Most of what can go wrong lies in the head, so most cuts do.
  const range = random.chance(0.7) ? Math.min(bytes.length, 300) : bytes.length;
  const cuts = Array.from({ length: random.below(7) }, () => random.below(range + 1)).sort((a, b) => a - b);
  const ends = [...cuts, bytes.length];
  return ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end)).filter((piece) => piece.length > 0);
}
