import { afterEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { TLSSocket, type SecureVersion, type TlsOptions } from 'node:tls';
import { AUTHORITY, LOCAL, OTHER } from '../../../test/support/http1/certificates.js';
import { Heard } from '../../../test/support/http1/heard.js';
import { onRequest, rawServer, type RawServer } from '../../../test/support/http1/raw-server.js';
import { until } from '../../../test/support/until.js';
import { Http1Pool, type Http1PoolOptions } from './pool.js';

let server: RawServer;
let pool: Http1Pool;
let requests = 0;

afterEach(async () => {
  await pool.close();
  await server.close();
});

const HELLO = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello';

async function serve(
  tls: TlsOptions,
  reply: string,
  host: string,
  options: Partial<Http1PoolOptions> = {},
): Promise<void> {
  requests = 0;
  const answer = (socket: Socket): void =>
    onRequest(socket, () => {
      requests++;
      socket.write(reply);
    });
  server = await rawServer(answer, { ALPNProtocols: ['http/1.1', 'h2'], ...tls });
  pool = new Http1Pool({ origin: `https://${host}:${server.port}`, timeoutMs: 5_000, ca: AUTHORITY, ...options });
}

async function call(body = Buffer.from('{}')): Promise<Heard> {
  const heard = new Heard();
  pool.send({ method: 'POST', path: '/', headers: [], body }, heard);
  await heard.outcome;
  await turn();
  return heard;
}

function secure(index: number): TLSSocket {
  const socket = server.sockets[index];
  if (!(socket instanceof TLSSocket)) throw new Error('not a TLS socket');
  return socket;
}

describe('over TLS', () => {
  it('a call is answered, and the connection kept: HTTP/1.1 agreed, the name told', async () => {
    await serve(LOCAL, HELLO, 'localhost');
    expect((await call()).body.toString()).toBe('hello');
    expect(await (await call()).outcome).toBe('ended');
    expect(requests).toBe(2);
    expect(server.sockets).toHaveLength(1);
    expect(secure(0).alpnProtocol).toBe('http/1.1');
    expect(secure(0).servername).toBe('localhost');
  });

  it('an address is checked against the certificate, but not told as a name', async () => {
    await serve(LOCAL, HELLO, '127.0.0.1');
    expect(await (await call()).outcome).toBe('ended');
    expect(secure(0).servername).toBe(false);
  });

  it.each<[string, SecureVersion, TlsOptions, Partial<Http1PoolOptions>]>([
    ['of an authority that is not trusted', 'TLSv1.2', LOCAL, { ca: undefined }],
    ['of an authority that is not trusted', 'TLSv1.3', LOCAL, { ca: undefined }],
    ['for another name', 'TLSv1.2', OTHER, {}],
    ['for another name', 'TLSv1.3', OTHER, {}],
  ])('a certificate %s (%s) makes every call unreachable: nothing is sent', async (_, maxVersion, tls, options) => {
    await serve({ ...tls, maxVersion }, HELLO, '127.0.0.1', options);
    // More than once: a session that such a server offers must not open the door to the next call.
    for (let i = 0; i < 3; i++) expect(await (await call()).outcome).toBe('unreachable');
    expect(requests).toBe(0);
  });

  it.each<SecureVersion>(['TLSv1.2', 'TLSv1.3'])('the next connection resumes the session (%s)', async (maxVersion) => {
    await serve({ ...LOCAL, maxVersion }, HELLO.replace('content', 'connection: close\r\ncontent'), 'localhost');
    for (let i = 0; i < 3; i++) expect(await (await call()).outcome).toBe('ended');
    expect([0, 1, 2].map((i) => secure(i).isSessionReused())).toEqual([false, true, true]);
  });

  it('a large body goes up and down whole', async () => {
    const size = 4 * 1024 ** 2;
    const body = Buffer.alloc(size, 'abcdefghijklmnopqrstuvwxyz');
    server = await rawServer(
      (socket) =>
        onRequest(socket, (_, received) => {
          socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${received.length}\r\n\r\n`);
          socket.write(received);
        }),
      LOCAL,
    );
    pool = new Http1Pool({ origin: `https://localhost:${server.port}`, timeoutMs: 5_000, ca: AUTHORITY });
    for (let i = 0; i < 2; i++) expect((await call(body)).body.equals(body)).toBe(true);
    expect(server.sockets).toHaveLength(1);
  });

  it.each([
    ['a sized body', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello', 'cut'],
    ['a body until close', 'HTTP/1.1 200 OK\r\n\r\nhello', 'ended'],
  ])('a close in %s: %s', async (_, reply, outcome) => {
    server = await rawServer((socket) => onRequest(socket, () => socket.end(reply)), LOCAL);
    pool = new Http1Pool({ origin: `https://localhost:${server.port}`, timeoutMs: 5_000, ca: AUTHORITY });
    const heard = await call();
    expect(await heard.outcome).toBe(outcome);
    expect(heard.body.toString()).toBe('hello');
  });

  it('a kept connection that the provider has closed is not used again', async () => {
    await serve(LOCAL, HELLO, 'localhost');
    await call();
    secure(0).end();
    await until(() => secure(0).destroyed || secure(0).readableEnded);
    expect(await (await call()).outcome).toBe('ended');
    expect(server.sockets).toHaveLength(2);
  });
});
