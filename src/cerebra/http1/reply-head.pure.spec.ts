import { describe, expect, it } from '@jest/globals';
import { readHead } from './reply-head.pure.js';

const head = (...lines: string[]): string => lines.map((line) => `${line}\r\n`).join('');
const OK = 'HTTP/1.1 200 OK';

describe('the head of a reply', () => {
  it('is read into status and fields: names in lower case, values without the space around them', () => {
    expect(readHead(head('HTTP/1.1 201 Created', 'X-One:a', 'x-TWO: \t b c \t', 'x-one: \xe9', 'X-Empty:'))).toEqual({
      status: 201,
      fields: ['x-one', 'a', 'x-two', 'b c', 'x-one', '\xe9', 'x-empty', ''],
      length: null,
      chunked: false,
      persistent: true,
      idleMs: null,
    });
  });

  it.each([
    ['no reason', 'HTTP/1.1 200 '],
    ['no space before the reason that is not there', 'HTTP/1.1 200'],
    ['a reason in words', 'HTTP/1.1 404 Not Found'],
    ['a reason beyond ASCII', 'HTTP/1.1 200 d\xe9j\xe0'],
    ['a status that nobody has defined', 'HTTP/1.1 599 Odd'],
  ])('may have %s', (_, line) => {
    expect(readHead(head(line))).toMatchObject({ status: Number(line.slice(9, 12)), fields: [] });
  });

  it.each([
    ['another protocol', 'ICY 200 OK'],
    ['another version', 'HTTP/2.0 200 OK'],
    ['a later minor version', 'HTTP/1.2 200 OK'],
    ['small letters', 'http/1.1 200 OK'],
    ['space before it', ' HTTP/1.1 200 OK'],
    ['two spaces', 'HTTP/1.1  200 OK'],
    ['a tab', 'HTTP/1.1\t200 OK'],
    ['two digits', 'HTTP/1.1 20 OK'],
    ['four digits', 'HTTP/1.1 2000 OK'],
    ['a status under 100', 'HTTP/1.1 099 OK'],
    ['a status above 599', 'HTTP/1.1 600 Odd'],
    ['a sign', 'HTTP/1.1 +20 OK'],
    ['a control character', 'HTTP/1.1 200 O\x00K'],
    ['a bare CR', 'HTTP/1.1 200 O\rK'],
    ['a bare LF', 'HTTP/1.1 200 OK\nx: y'],
    ['nothing', ''],
  ])('is refused for a status line with %s', (_, line) => {
    expect(readHead(head(line))).toBe('malformed status line');
  });

  it.each([
    ['space before the colon', 'name : value'],
    ['no colon', 'name value'],
    ['no name', ': value'],
    ['a folded line', 'name: one\r\n two'],
    ['a line that begins with a tab', '\tname: value'],
    ['a bare LF', 'name: one\ntwo: 2'],
    ['a bare CR', 'name: one\rtwo'],
    ['NUL in its value', 'name: a\x00b'],
    ['NUL in its name', 'na\x00me: b'],
    ['a control character', 'name: a\x07b'],
    ['DEL', 'name: a\x7fb'],
    ['a bracket in its name', 'na(me: b'],
    ['a name beyond ASCII', 'nam\xe9: b'],
  ])('is refused for a field with %s', (_, line) => {
    expect(readHead(head(OK, 'a: b', line, 'c: d'))).toBe('malformed field');
  });

  it('is refused when it has more than 128 fields', () => {
    const fields = Array.from({ length: 128 }, (_, i) => `x-${i}: y`);
    expect(readHead(head(OK, ...fields))).toMatchObject({ status: 200 });
    expect(readHead(head(OK, ...fields, 'one: more'))).toBe('too many fields');
  });

  it.each([
    ['0', 0],
    ['42', 42],
    ['007', 7],
    ['999999999999999', 999_999_999_999_999],
  ])('tells the length %s', (value, length) => {
    expect(readHead(head(OK, `Content-Length: ${value}`))).toMatchObject({ length });
  });

  it.each(['', '+5', '-5', '5 5', '5, 5', '5,5', '0x5', '5.0', '5e1', '٥', '1000000000000000', 'five'])(
    'is refused for the length %j',
    (value) => {
      const refused = readHead(head(OK, `content-length: ${Buffer.from(value).toString('latin1')}`));
      expect(refused).toBe('malformed content-length');
    },
  );

  it.each([
    ['5', '6'],
    ['5', '5'],
  ])('is refused for two lengths, %s and %s', (one, two) => {
    const refused = readHead(head(OK, `content-length: ${one}`, 'a: b', `Content-Length: ${two}`));
    expect(refused).toBe('several content-lengths');
  });

  it.each([
    [['content-length: 5', 'transfer-encoding: chunked']],
    [['transfer-encoding: chunked', 'content-length: 5']],
    [['transfer-encoding: chunked', 'content-length: 0']],
  ])('is refused for length and encoding together: %j', (lines) => {
    expect(readHead(head(OK, ...lines))).toBe('both content-length and transfer-encoding');
  });

  it.each(['chunked', 'Chunked', ' CHUNKED '])('knows the encoding %j', (value) => {
    expect(readHead(head(OK, `Transfer-Encoding:${value}`))).toMatchObject({ chunked: true });
  });

  it.each([
    'gzip, chunked',
    'chunked, gzip',
    'chunked, chunked',
    'identity',
    'xchunked',
    'chunked;q=1',
    '"chunked"',
    '',
  ])('is refused for the encoding %j', (value) => {
    expect(readHead(head(OK, `transfer-encoding: ${value}`))).toBe('unknown transfer-encoding');
  });

  it('is refused for an encoding told twice, and for one in HTTP/1.0', () => {
    const chunked = 'transfer-encoding: chunked';
    expect(readHead(head(OK, chunked, chunked))).toBe('unknown transfer-encoding');
    expect(readHead(head('HTTP/1.0 200 OK', chunked))).toBe('unknown transfer-encoding');
  });

  it.each([
    [OK, 'a: b', true],
    [OK, 'connection: keep-alive', true],
    [OK, 'connection: close', false],
    [OK, 'Connection: Close', false],
    [OK, 'connection: keep-alive, close', false],
    [OK, 'connection: close , x', false],
    [OK, 'connection: closed', true],
    [OK, 'connection: x-close', true],
    ['HTTP/1.0 200 OK', 'a: b', false],
    ['HTTP/1.0 200 OK', 'connection: keep-alive', false],
  ])('%s with %s: persistent %s', (line, field, persistent) => {
    expect(readHead(head(line, field))).toMatchObject({ persistent });
  });

  it.each([
    ['timeout=5', 5_000],
    ['timeout=5, max=100', 5_000],
    ['max=100, Timeout=15', 15_000],
    ['max=100', null],
    ['timeout=', null],
    ['xtimeout=5', null],
  ])('keep-alive: %s tells an idle time of %s', (value, idleMs) => {
    expect(readHead(head(OK, `keep-alive: ${value}`))).toMatchObject({ idleMs });
  });
});
