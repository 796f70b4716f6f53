import { afterEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { Heard } from '../../../test/support/http1/heard.js';
import { onRequest, rawServer, type RawServer } from '../../../test/support/http1/raw-server.js';
import { until } from '../../../test/support/until.js';
import type { UpstreamCall } from '../providers/upstream.js';
import { Http1Pool, type Http1PoolOptions } from './pool.js';

const SIZED = 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n';
const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
const OPEN_END = 'HTTP/1.1 200 OK\r\n\r\n';

let server: RawServer;
let pool: Http1Pool;

afterEach(async () => {
  await pool.close();
  await server.close();
});

async function answering(answer: (socket: Socket) => void, options: Partial<Http1PoolOptions> = {}): Promise<void> {
  server = await rawServer((socket) => onRequest(socket, () => answer(socket)));
  pool = new Http1Pool({ origin: server.origin, timeoutMs: 5_000, ...options });
}

function send(heard: Heard): UpstreamCall {
  return pool.send({ method: 'POST', path: '/', headers: [], body: Buffer.from('{}') }, heard);
}

describe('a call', () => {
  it('is unreachable where nobody listens', async () => {
    await answering(() => {});
    await server.close();
    const heard = new Heard();
    send(heard);
    expect(await heard.outcome).toBe('unreachable');
    expect(heard.reason).toBe('ECONNREFUSED');
  });

  it('is unreachable when the name leads nowhere', async () => {
    await answering(() => {});
    await pool.close();
    pool = new Http1Pool({ origin: 'http://nowhere.invalid', timeoutMs: 5_000 });
    const heard = new Heard();
    send(heard);
    expect(await heard.outcome).toBe('unreachable');
  });

  it('is unreachable, and not sent, when its head cannot be', async () => {
    await answering(() => {});
    const heard = new Heard();
    pool.send({ method: 'POST', path: '/', headers: ['a', 'b\r\nc: d'], body: null }, heard);
    expect(await heard.outcome).toBe('unreachable');
    expect(server.sockets).toHaveLength(0);
  });

  it.each<[string, (socket: Socket) => void, string]>([
    ['closes without a word', (socket) => socket.end(), 'ended too early'],
    ['resets without a word', (socket) => socket.resetAndDestroy(), 'ECONNRESET'],
    ['closes in the head', (socket) => socket.end('HTTP/1.1 200 OK\r\n'), 'ended too early'],
    ['closes in the body', (socket) => socket.end(`${SIZED}hello`), 'ended too early'],
    ['closes between two chunks', (socket) => socket.end(`${CHUNKED}5\r\nhello\r\n`), 'ended too early'],
    ['speaks another protocol', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n'), 'malformed status line'],
  ])('is cut when the provider %s', async (_, answer, reason) => {
    await answering(answer);
    const heard = new Heard();
    send(heard);
    expect(await heard.outcome).toBe('cut');
    expect(heard.reason).toBe(reason);
  });

  it.each([
    ['a sized body', `${SIZED}hello`, 'cut'],
    ['a chunked body', `${CHUNKED}5\r\nhello\r\n`, 'cut'],
    // A reset is no ending: it may have come before the rest.
    ['a body until close', `${OPEN_END}hello`, 'cut'],
  ])('is cut when the provider resets in %s', async (_, reply, outcome) => {
    const heard = new Heard(() => server.sockets[0]?.resetAndDestroy());
    await answering((socket) => socket.write(reply));
    send(heard);
    expect(await heard.outcome).toBe(outcome);
    expect(heard.body.toString()).toBe('hello');
  });

  it('ends with the connection where the body has no length', async () => {
    await answering((socket) => socket.end(`${OPEN_END}hello`));
    const heard = new Heard();
    send(heard);
    expect(await heard.outcome).toBe('ended');
    expect(heard.body.toString()).toBe('hello');
  });

  it('hears its reply though the provider never read the request', async () => {
    server = await rawServer((socket) => {
      socket.pause();
      socket.end('HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    });
    pool = new Http1Pool({ origin: server.origin, timeoutMs: 5_000 });
    const heard = new Heard();
    pool.send({ method: 'POST', path: '/', headers: [], body: Buffer.alloc(16 * 1024 ** 2) }, heard);
    expect(await heard.outcome).toBe('ended');
    expect(heard.status).toBe(413);
  });
});

describe('silence', () => {
  it.each([
    ['before the first byte', ''],
    ['in the head', 'HTTP/1.1 200 OK\r\n'],
    ['after the head', SIZED],
    ['in the body', `${SIZED}hello`],
    ['after an interim reply', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
  ])('%s ends the call after its time, not before', async (_, said) => {
    await answering((socket) => socket.write(said), { timeoutMs: 150 });
    const startMs = performance.now();
    const heard = new Heard();
    send(heard);
    expect(await heard.outcome).toBe('timeout');
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(150);
    await until(() => server.sockets[0]?.readableEnded === true || server.sockets[0]?.destroyed === true);
  });

  it('is what lies between two bytes: slow ones, one by one, may take any time', async () => {
    const bytes = `${SIZED}0123456789`.split('');
    await answering(
      (socket) => {
        const timer = setInterval(() => {
          const next = bytes.shift();
          if (next === undefined) clearInterval(timer);
          else socket.write(next);
        }, 10);
      },
      { timeoutMs: 250 },
    );
    const startMs = performance.now();
    const heard = new Heard();
    send(heard);
    expect(await heard.outcome).toBe('ended');
    expect(heard.body.toString()).toBe('0123456789');
    expect(performance.now() - startMs).toBeGreaterThan(250);
  });

  it('is not the provider’s while the caller has paused', async () => {
    await answering((socket) => socket.write(`${SIZED}01234`), { timeoutMs: 100 });
    const heard = new Heard(() => call.pause());
    const call = send(heard);
    await until(() => heard.body.length === 5);
    await sleep(300);
    expect(heard.over).toBe(false);
    call.resume();
    server.sockets[0]?.write('56789');
    expect(await heard.outcome).toBe('ended');
    expect(heard.body.toString()).toBe('0123456789');
  });

  it('while connecting makes the call unreachable', async () => {
    // Speaks no TLS, so the handshake never ends.
    server = await rawServer(() => {});
    pool = new Http1Pool({ origin: `https://127.0.0.1:${server.port}`, timeoutMs: 5_000, connectTimeoutMs: 100 });
    const heard = new Heard();
    send(heard);
    expect(await heard.outcome).toBe('unreachable');
    expect(heard.reason).toBe('connect time-out');
  });
});

describe('a caller', () => {
  it('that pauses stops the provider, and loses nothing', async () => {
    const total = 64 * 1024 ** 2;
    let sent = 0;
    await answering((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${total}\r\n\r\n`);
      const more = (): void => {
        while (sent < total) {
          const piece = Buffer.alloc(Math.min(256 * 1024, total - sent), sent / (256 * 1024));
          sent += piece.length;
          if (!socket.write(piece)) return void socket.once('drain', more);
        }
      };
      more();
    });
    let heardBytes = 0;
    let wrong = 0;
    const outcome = Promise.withResolvers<string>();
    const call = pool.send(
      { method: 'GET', path: '/', headers: [], body: null },
      {
        head: () => {},
        bytes: (chunk) => {
          for (let i = 0; i < chunk.length; i += 4_096) {
            if (chunk[i] !== Math.floor((heardBytes + i) / (256 * 1024)) % 256) wrong++;
          }
          if (heardBytes === 0) call.pause();
          heardBytes += chunk.length;
        },
        ended: () => outcome.resolve('ended'),
        failed: (fault) => outcome.resolve(fault),
      },
    );
    await until(() => heardBytes > 0);
    let before = -1;
    await until(
      () => before === (before = sent),
      10_000,
      () => `the provider still sends: ${sent}`,
    );
    expect(heardBytes).toBeLessThanOrEqual(64 * 1024);
    expect(sent).toBeLessThan(total);
    call.resume();
    expect(await outcome.promise).toBe('ended');
    expect(heardBytes).toBe(total);
    expect(wrong).toBe(0);
  });

  it('that gives up in the body hears nothing more, not even what had been read with it, and its connection is gone', async () => {
    await answering((socket) => socket.write(`${CHUNKED}5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n`));
    const heard = new Heard(() => call.abort());
    const call = send(heard);
    await until(() => server.sockets[0]?.destroyed === true || server.sockets[0]?.readableEnded === true);
    expect(heard.body.toString()).toBe('hello');
    expect(heard.over).toBe(false);
    send(new Heard());
    await until(() => server.sockets.length === 2);
  });

  it('that gives up before it is connected sends nothing', async () => {
    await answering((socket) => socket.write(`${SIZED}0123456789`));
    const heard = new Heard();
    send(heard).abort();
    const next = new Heard();
    send(next);
    // Connections are accepted in the order in which they were made.
    await next.outcome;
    expect(heard.over).toBe(false);
    expect(server.sockets.map((socket) => socket.bytesRead > 0).filter(Boolean)).toHaveLength(1);
  });

  it('that gives up or resumes too late does not touch the call that uses the connection by then', async () => {
    const replies: string[] = [`${SIZED}0123456789`, `${SIZED}01234`];
    await answering((socket) => socket.write(replies.shift() ?? ''));
    const first = new Heard(() => past.pause());
    const past = send(first);
    await first.outcome;
    await turn();
    const second = new Heard(() => present.pause());
    const present = send(second);
    await until(() => second.body.length === 5);
    past.resume();
    past.abort();
    server.sockets[0]?.write('56789');
    await sleep(50);
    expect(second.body.toString()).toBe('01234');
    present.resume();
    expect(await second.outcome).toBe('ended');
    expect(second.body.toString()).toBe('0123456789');
    expect(server.sockets).toHaveLength(1);
  });
});
