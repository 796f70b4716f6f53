import { describe, expect, it } from '@jest/globals';
import { requestHead, type Http1Request } from './request-head.pure.js';

const post = (changes: Partial<Http1Request>): Http1Request => ({
  method: 'POST',
  path: '/v1/chat/completions',
  headers: [],
  body: Buffer.from('{}'),
  ...changes,
});

describe('the head of a request', () => {
  it('names host, connection and length, and what else it is given', () => {
    expect(
      requestHead(post({ headers: ['authorization', 'Bearer k', 'X-Note', 'd\xe9j\xe0\tvu'] }), 'api.test:81'),
    ).toBe(
      'POST /v1/chat/completions HTTP/1.1\r\nhost: api.test:81\r\nconnection: keep-alive\r\n' +
        'authorization: Bearer k\r\nX-Note: d\xe9j\xe0\tvu\r\ncontent-length: 2\r\n\r\n',
    );
  });

  it('tells a POST without a body its length, and a GET none', () => {
    expect(requestHead(post({ body: null }), 'h')).toContain('content-length: 0\r\n');
    expect(requestHead(post({ method: 'GET', body: null }), 'h')).not.toContain('content-length');
  });

  it.each<[string, Partial<Http1Request>]>([
    ['a value that ends its line', { headers: ['a', 'b\r\nc: d'] }],
    ['a value with a bare LF', { headers: ['a', 'b\nc'] }],
    ['a value with NUL', { headers: ['a', 'b\x00'] }],
    ['a value beyond latin1, which would turn into other bytes', { headers: ['a', 'ĊĊ'] }],
    ['a name that ends its line', { headers: ['a: b\r\nc', 'd'] }],
    ['a name with a colon', { headers: ['a:', 'd'] }],
    ['a name without letters', { headers: ['', 'd'] }],
    ['a path with a space', { path: '/a HTTP/1.1' }],
    ['a path that ends the line', { path: '/a\r\n' }],
    ['a path beyond ASCII', { path: '/\xe9' }],
    ['a path without its slash', { path: 'a' }],
    ['a length of its own', { headers: ['Content-Length', '2'] }],
    ['an encoding', { headers: ['transfer-encoding', 'chunked'] }],
    ['another host', { headers: ['Host', 'elsewhere'] }],
    ['a connection of its own', { headers: ['connection', 'close'] }],
    ['an expectation', { headers: ['expect', '100-continue'] }],
    ['an upgrade', { headers: ['upgrade', 'h2c'] }],
  ])('is not made for %s', (_, changes) => {
    expect(requestHead(post(changes), 'h')).toBeNull();
  });
});
