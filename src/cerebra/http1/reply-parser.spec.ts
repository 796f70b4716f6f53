import { describe, expect, it } from '@jest/globals';
import { ReplyParser } from './reply-parser.js';

interface Read {
  statuses: number[];
  body: string;
  whole: boolean;
  reusable: boolean;
  refusal: string | null;
}

/** Feeds the pieces, then closes if told to. */
function read(pieces: readonly (string | Buffer)[], options: { close?: boolean; bodyless?: boolean } = {}): Read {
  const statuses: number[] = [];
  const chunks: Buffer[] = [];
  const parser = new ReplyParser({
    head: (status) => void statuses.push(status),
    bytes: (chunk) => void chunks.push(Buffer.from(chunk)),
  });
  parser.begin(options.bodyless ?? false);
  for (const piece of pieces) parser.push(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
  if (options.close === true) parser.finish();
  const { whole, reusable, refusal } = parser;
  return { statuses, body: Buffer.concat(chunks).toString('latin1'), whole, reusable, refusal };
}

const head = (...fields: string[]): string => ['HTTP/1.1 200 OK', ...fields, '', ''].join('\r\n');
const SIZED = head('content-length: 5');
const CHUNKED = head('transfer-encoding: chunked');

const whole: readonly [string, string, string, boolean][] = [
  ['a length', `${SIZED}hello`, 'hello', true],
  ['a length of nothing', head('content-length: 0'), '', true],
  ['chunks', `${CHUNKED}3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n`, 'hello', true],
  ['no chunk', `${CHUNKED}0\r\n\r\n`, '', true],
  ['a chunk of line ends', `${CHUNKED}4\r\n\r\n\r\n\r\n0\r\n\r\n`, '\r\n\r\n', true],
  [
    'sizes in both cases, with zeros',
    `${CHUNKED}00A\r\n0123456789\r\n0b\r\n0123456789a\r\n000\r\n\r\n`,
    '01234567890123456789a',
    true,
  ],
  ['chunk extensions', `${CHUNKED}5;a;b=c;d="e;\\"f"\r\nhello\r\n0;last\r\n\r\n`, 'hello', true],
  ['trailers', `${CHUNKED}5\r\nhello\r\n0\r\nX-Sum: 1\r\nx-two:\r\n\r\n`, 'hello', true],
  [
    'interim replies before it',
    `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 102 P\r\n\r\n${SIZED}hello`,
    'hello',
    true,
  ],
  ['close after it', `${head('content-length: 5', 'connection: close')}hello`, 'hello', false],
  ['something behind it', `${SIZED}helloHTTP/1.1 200 OK\r\n\r\n`, 'hello', false],
  ['a line end behind it', `${SIZED}hello\r\n`, 'hello', false],
  ['something behind its last chunk', `${CHUNKED}0\r\n\r\n0\r\n\r\n`, '', false],
];

describe('a reply', () => {
  it.each(whole)('with %s is read whole, split anywhere', (_, text, body, reusable) => {
    const bytes = Buffer.from(text, 'latin1');
    const expected = { statuses: [200], body, whole: true, reusable, refusal: null };
    expect(read([bytes])).toEqual(expected);
    for (let i = 1; i < bytes.length; i++) {
      expect(read([bytes.subarray(0, i), bytes.subarray(i)])).toEqual(expected);
    }
    expect(read([...bytes].map((byte) => Buffer.from([byte])))).toEqual(expected);
  });

  it('without a length ends with its connection, and only then', () => {
    expect(read([head(), 'hel', 'lo'])).toMatchObject({ body: 'hello', whole: false });
    expect(read([head(), 'hel', 'lo'], { close: true })).toMatchObject({ body: 'hello', whole: true, reusable: false });
  });

  it.each([204, 304])('%d has no body and leaves the connection usable', (status) => {
    expect(read([`HTTP/1.1 ${status} None\r\na: b\r\n\r\n`])).toMatchObject({ whole: true, reusable: true, body: '' });
  });

  it.each([SIZED, CHUNKED, head(), 'HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n'])(
    'to HEAD has no body, whatever it announces',
    (text) => {
      expect(read([text], { bodyless: true })).toMatchObject({ body: '', whole: true, reusable: false });
    },
  );

  it('passes the bytes of a body on where they lie', () => {
    const seen: Buffer[] = [];
    const parser = new ReplyParser({ head: () => {}, bytes: (chunk) => void seen.push(chunk) });
    const bytes = Buffer.from(`${SIZED}hello`);
    parser.begin(false);
    parser.push(bytes);
    expect(seen[0]?.buffer).toBe(bytes.buffer);
  });

  it.each([
    ['in its head', 'HTTP/1.1 200 OK\r\ncontent-'],
    ['behind its head', SIZED],
    ['in its body', `${SIZED}hell`],
    ['in a chunk', `${CHUNKED}5\r\nhel`],
    ['between two chunks', `${CHUNKED}5\r\nhello\r\n`],
    ['behind the last chunk', `${CHUNKED}5\r\nhello\r\n0\r\n`],
    ['in its trailers', `${CHUNKED}0\r\nx-sum: 1\r\n`],
    ['behind an interim reply', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    ['before its first byte', ''],
  ])('that ends %s is not whole', (_, text) => {
    expect(read([text], { close: true })).toMatchObject({ whole: false, refusal: 'ended too early' });
  });

  it.each([
    ['with bare LFs, before it could end', 'HTTP/1.1 200 OK\ncontent-length: 5\n\nhello', 'malformed field'],
    ['with a bare LF behind its head', 'HTTP/1.1 200 OK\r\na: b\n\r\n', 'malformed field'],
    ['behind an empty line', `\r\n${SIZED}hello`, 'malformed status line'],
    ['100 that was not asked for', `HTTP/1.1 100 Continue\r\n\r\n${SIZED}hello`, 'interim reply out of place'],
    ['101 that was not asked for', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', 'interim reply out of place'],
    [
      'an interim reply that closes',
      `HTTP/1.1 103 Hints\r\nconnection: close\r\n\r\n${SIZED}hello`,
      'interim reply out of place',
    ],
    ['of interim replies without end', 'HTTP/1.1 102 P\r\n\r\n'.repeat(33), 'too many interim replies'],
    ['204 with a body', 'HTTP/1.1 204 None\r\ncontent-length: 5\r\n\r\nhello', 'body where none may be'],
    ['304 with chunks', 'HTTP/1.1 304 None\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n', 'body where none may be'],
    ['103 with a body', 'HTTP/1.1 103 Hints\r\ncontent-length: 5\r\n\r\nhello', 'body where none may be'],
    ['with a chunk of no size', `${CHUNKED}\r\nhello\r\n`, 'malformed chunk'],
    ['with a chunk of a size that is none', `${CHUNKED}5g\r\nhello\r\n`, 'malformed chunk'],
    ['with a signed chunk', `${CHUNKED}+5\r\nhello\r\n`, 'malformed chunk'],
    ['with a hex prefix', `${CHUNKED}0x5\r\nhello\r\n`, 'malformed chunk'],
    ['with a chunk beyond counting', `${CHUNKED}00000000000001\r\nh\r\n`, 'chunk line too long'],
    ['with a space behind a size', `${CHUNKED}5 \r\nhello\r\n`, 'malformed chunk'],
    ['with a bare LF behind a size', `${CHUNKED}5\nhello\r\n`, 'malformed chunk'],
    ['with a bare CR behind a size', `${CHUNKED}5\rhello\r\n`, 'malformed chunk'],
    ['with a chunk longer than it says', `${CHUNKED}5\r\nhello!\r\n`, 'malformed chunk'],
    ['with a bare LF behind a chunk', `${CHUNKED}5\r\nhello\n0\r\n`, 'malformed chunk'],
    ['with a bare CR behind a chunk', `${CHUNKED}5\r\nhello\r0\r\n`, 'malformed chunk'],
    ['with an empty extension', `${CHUNKED}5;\r\nhello\r\n`, 'malformed chunk'],
    ['with a bare LF in an extension', `${CHUNKED}5;a\nhello\r\n`, 'malformed chunk'],
    ['with a control character in an extension', `${CHUNKED}5;a="\x01"\r\nhello\r\n`, 'malformed chunk'],
    ['with an extension without end', `${CHUNKED}5;${'a'.repeat(1024)}`, 'chunk line too long'],
    ['with a folded trailer', `${CHUNKED}0\r\na: b\r\n c\r\n\r\n`, 'malformed trailer'],
    ['with a bare LF in its trailers', `${CHUNKED}0\r\na: b\n\r\n`, 'malformed trailer'],
    ['with a length in its trailers', `${CHUNKED}0\r\nContent-Length: 5\r\n\r\n`, 'framing in a trailer'],
    ['with an encoding in its trailers', `${CHUNKED}0\r\ntransfer-encoding: chunked\r\n\r\n`, 'framing in a trailer'],
    ['with trailers without end', `${CHUNKED}0\r\n${'a: bcdefgh\r\n'.repeat(1_400)}`, 'trailer too large'],
  ])('%s is refused, split anywhere', (_, text, refusal) => {
    expect(read([text])).toMatchObject({ whole: false, reusable: false, refusal });
    const bytes = Buffer.from(text, 'latin1');
    const step = Math.ceil(bytes.length / 200);
    for (let i = 1; i < bytes.length; i += step) {
      expect(read([bytes.subarray(0, i), bytes.subarray(i)])).toMatchObject({ whole: false, reusable: false, refusal });
    }
  });

  it('may have a head of 16 KiB, and not a byte more, in however many pieces', () => {
    const padded = (length: number): Buffer => {
      const frame = head('content-length: 0', 'x: ').length;
      return Buffer.from(head('content-length: 0', `x: ${'a'.repeat(length - frame)}`));
    };
    const fits = padded(16 * 1024);
    const larger = padded(16 * 1024 + 1);
    expect(read([fits])).toMatchObject({ whole: true });
    expect(read([larger])).toMatchObject({ refusal: 'head too large' });
    expect(read([...fits].map((byte) => Buffer.from([byte])))).toMatchObject({ whole: true });
    expect(read([...larger].map((byte) => Buffer.from([byte])))).toMatchObject({ refusal: 'head too large' });
    expect(read(['HTTP/1.1 200 OK\r\n', Buffer.alloc(1024 ** 2, 'a')])).toMatchObject({ refusal: 'head too large' });
  });

  it('is followed by the next one on the same parser', () => {
    const statuses: number[] = [];
    const parser = new ReplyParser({ head: (status) => void statuses.push(status), bytes: () => {} });
    for (const text of [`${SIZED}hello`, `${CHUNKED}0\r\n\r\n`, `${SIZED}hell`, `${SIZED}hello`]) {
      parser.begin(false);
      parser.push(Buffer.from(text));
    }
    expect(statuses).toEqual([200, 200, 200, 200]);
    expect(parser.reusable).toBe(true);
  });
});
