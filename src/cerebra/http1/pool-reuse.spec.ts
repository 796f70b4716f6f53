import { afterEach, describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { Heard } from '../../../test/support/http1/heard.js';
import { onRequest, rawServer, type RawServer } from '../../../test/support/http1/raw-server.js';
import { until } from '../../../test/support/until.js';
import { Http1Pool, type Http1PoolOptions } from './pool.js';

const HELLO = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello';

let server: RawServer;
let pool: Http1Pool;

afterEach(async () => {
  await pool.close();
  await server.close();
});

/** A server that answers every request with the same bytes. */
async function answering(reply: string, options: Partial<Http1PoolOptions> = {}): Promise<void> {
  server = await rawServer((socket) => onRequest(socket, () => socket.write(reply, 'latin1')));
  pool = new Http1Pool({ origin: server.origin, timeoutMs: 5_000, ...options });
}

function send(method: 'GET' | 'HEAD' | 'POST' = 'POST', body: Buffer | null = Buffer.from('{}')): Heard {
  const heard = new Heard();
  pool.send({ method, path: '/v1/chat', headers: ['a', 'b'], body }, heard);
  return heard;
}

/** The second when the first one's connection has rested for its turn. */
async function twice(method: 'GET' | 'HEAD' | 'POST' = 'POST'): Promise<void> {
  for (let i = 0; i < 2; i++) {
    const heard = send(method);
    expect(await heard.outcome).toBe('ended');
    await turn();
  }
}

describe('a connection', () => {
  it.each([
    ['a length', HELLO],
    ['chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'],
    ['chunks and trailers', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx: y\r\n\r\n'],
    ['no body', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['an error status', 'HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n'],
    ['a long idle time', 'HTTP/1.1 200 OK\r\nkeep-alive: timeout=60\r\ncontent-length: 0\r\n\r\n'],
  ])('is used again after a reply with %s', async (_, reply) => {
    await answering(reply);
    await twice();
    expect(server.sockets).toHaveLength(1);
  });

  it.each([
    ['a word of its end', 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n'],
    ['bytes behind it', `${HELLO}!`],
    ['another reply behind it', `${HELLO}${HELLO}`],
    ['an idle time too short to be sure of', 'HTTP/1.1 200 OK\r\nkeep-alive: timeout=1\r\ncontent-length: 0\r\n\r\n'],
  ])('is not used again after a reply with %s', async (_, reply) => {
    await answering(reply);
    await twice();
    expect(server.sockets).toHaveLength(2);
  });

  it('is not used again after a reply to HEAD, which some servers send with a body', async () => {
    await answering('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n');
    await twice('HEAD');
    expect(server.sockets).toHaveLength(2);
  });

  it('is not used again when bytes arrive that nobody asked for', async () => {
    server = await rawServer((socket) =>
      onRequest(socket, () => {
        socket.write(HELLO);
        setTimeout(() => socket.write(HELLO.replace('hello', 'wrong')), 20);
      }),
    );
    pool = new Http1Pool({ origin: server.origin, timeoutMs: 5_000, idleMs: 60_000 });
    await send().outcome;
    await until(() => server.sockets[0]?.destroyed === true || server.sockets[0]?.readableEnded === true);
    const second = send();
    expect(await second.outcome).toBe('ended');
    expect(second.body.toString()).toBe('hello');
    expect(server.sockets).toHaveLength(2);
  });

  it('is not used again when the reply came before the request was out', async () => {
    server = await rawServer((socket) => {
      socket.pause();
      socket.write(HELLO);
    });
    pool = new Http1Pool({ origin: server.origin, timeoutMs: 5_000 });
    const large = Buffer.alloc(16 * 1024 ** 2);
    for (let i = 0; i < 2; i++) {
      const heard = send('POST', large);
      expect(await heard.outcome).toBe('ended');
      expect(heard.body.toString()).toBe('hello');
      await turn();
    }
    expect(server.sockets).toHaveLength(2);
  });

  it('is closed when it has been idle for its time, and not before', async () => {
    await answering(HELLO, { idleMs: 200 });
    const startMs = performance.now();
    await send().outcome;
    await until(() => server.sockets[0]?.readableEnded === true);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(200);
    await send().outcome;
    expect(server.sockets).toHaveLength(2);
  });

  it('is not used past its idle time, even if nobody had the time to close it', async () => {
    await answering(HELLO, { idleMs: 200 });
    await send().outcome;
    await turn();
    // Runs in the turn in which the call is sent, and before it.
    setImmediate(() => {
      const end = performance.now() + 250;
      while (performance.now() < end);
    });
    await send().outcome;
    expect(server.sockets).toHaveLength(2);
  });

  it('whose call was paused at its end still hears that the provider closes', async () => {
    await answering(HELLO, { idleMs: 60_000 });
    const heard = new Heard(() => call.pause());
    const call = pool.send({ method: 'POST', path: '/', headers: [], body: null }, heard);
    expect(await heard.outcome).toBe('ended');
    server.sockets[0]?.end();
    await until(() => server.sockets[0]?.destroyed === true);
    expect(await send().outcome).toBe('ended');
    expect(server.sockets).toHaveLength(2);
  });

  it('rests for a turn, in which an end behind the reply is heard that the reply did not tell of', async () => {
    server = await rawServer((socket) => onRequest(socket, () => socket.end(HELLO)));
    pool = new Http1Pool({ origin: server.origin, timeoutMs: 5_000 });
    const outcomes: string[] = [];
    await new Promise<void>((resolve) => {
      // The next call is made while the last one's end is told.
      const next = (outcome: string): void => {
        if (outcomes.push(outcome) === 20) resolve();
        else pool.send({ method: 'POST', path: '/', headers: [], body: null }, listener);
      };
      const listener = { head: () => {}, bytes: () => {}, ended: () => next('ended'), failed: next };
      pool.send({ method: 'POST', path: '/', headers: [], body: null }, listener);
    });
    expect(new Set(outcomes)).toEqual(new Set(['ended']));
  });
});

describe('the pool', () => {
  it('opens a connection for each parallel call, and uses the last that became free', async () => {
    const waiting: (() => void)[] = [];
    const order: number[] = [];
    server = await rawServer((socket, index) =>
      onRequest(socket, () => {
        order.push(index);
        waiting.push(() => socket.write(HELLO));
      }),
    );
    pool = new Http1Pool({ origin: server.origin, timeoutMs: 5_000 });
    const calls = [send(), send(), send()];
    await until(() => waiting.length === 3);
    for (const [i, answer] of waiting.splice(0).entries()) {
      answer();
      await until(() => calls.filter((call) => call.over).length === i + 1);
      await turn();
    }
    const lastFree = order[2];
    for (let i = 0; i < 3; i++) {
      const call = send();
      await until(() => waiting.length === 1);
      waiting.pop()?.();
      await call.outcome;
      await turn();
    }
    expect(order.slice(3)).toEqual([lastFree, lastFree, lastFree]);
    expect(server.sockets).toHaveLength(3);
  });

  it('opens no more connections than it may: the call fails, and nothing of it was sent', async () => {
    server = await rawServer(() => {});
    pool = new Http1Pool({ origin: server.origin, timeoutMs: 5_000, maxConnections: 2 });
    send();
    send();
    const third = send();
    expect(await third.outcome).toBe('unreachable');
    expect(third.reason).toBe('too many connections');
  });

  it('sends head and body as they are', async () => {
    const seen: string[] = [];
    server = await rawServer((socket) =>
      onRequest(socket, (head, body) => {
        seen.push(head, body.toString());
        socket.write(HELLO);
      }),
    );
    pool = new Http1Pool({ origin: server.origin, timeoutMs: 5_000 });
    await send('POST', Buffer.from('{"a":1}')).outcome;
    await turn();
    await send('GET', null).outcome;
    const host = `host: 127.0.0.1:${server.port}`;
    expect(seen).toEqual([
      `POST /v1/chat HTTP/1.1\r\n${host}\r\nconnection: keep-alive\r\na: b\r\ncontent-length: 7`,
      '{"a":1}',
      `GET /v1/chat HTTP/1.1\r\n${host}\r\nconnection: keep-alive\r\na: b`,
      '',
    ]);
  });

  it('breaks off what is under way when it closes, and takes nothing more', async () => {
    server = await rawServer(() => {});
    pool = new Http1Pool({ origin: server.origin, timeoutMs: 5_000 });
    const sent = send();
    await until(() => server.sockets[0] !== undefined && server.sockets[0].bytesRead > 0);
    const connecting = send();
    await pool.close();
    expect(await sent.outcome).toBe('cut');
    expect(await connecting.outcome).toBe('unreachable');
    expect(await send().outcome).toBe('unreachable');
    await pool.close();
  });

  it('does not send a call that was given up while it waited for an idle connection', async () => {
    let requests = 0;
    server = await rawServer((socket) =>
      onRequest(socket, () => {
        requests++;
        socket.write(HELLO);
      }),
    );
    pool = new Http1Pool({ origin: server.origin, timeoutMs: 5_000 });
    await send().outcome;
    await turn();
    pool.send({ method: 'POST', path: '/', headers: [], body: null }, new Heard()).abort();
    await turn();
    await send().outcome;
    expect(requests).toBe(2);
    expect(server.sockets).toHaveLength(1);
  });

  it('breaks off a call that waits for an idle connection, too', async () => {
    await answering(HELLO);
    await send().outcome;
    await turn();
    const waiting = send();
    const closed = pool.close();
    const late = send();
    await closed;
    expect(await waiting.outcome).toBe('unreachable');
    expect(await late.outcome).toBe('unreachable');
    expect(server.sockets).toHaveLength(1);
  });
});
