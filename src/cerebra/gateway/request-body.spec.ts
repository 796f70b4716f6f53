import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Failure } from './failure.js';
import { receiveBody } from './request-body.js';

const LIMIT = 100_000;
let told: (Buffer | Failure)[] = [];

const server = createServer((request, reply) => {
  receiveBody(request, LIMIT, (body) => {
    told.push(body);
    reply.end(Buffer.isBuffer(body) ? `read ${body.length};` : `${body.kind};`);
  });
});
let port = 0;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is no path
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => void (told = []));

const HEAD = 'POST / HTTP/1.1\r\nhost: x\r\n';
const CLOSING = `${HEAD}connection: close\r\ncontent-length: 0\r\n\r\n`;

function send(...pieces: readonly string[]): Socket {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  // Apart, so that they are read apart.
  const next = (at: number): void => {
    const piece = pieces[at];
    if (piece !== undefined) socket.write(piece, 'latin1', () => setImmediate(next, at + 1));
  };
  next(0);
  return socket;
}

/** The bodies of all replies on one connection. */
const answers = async (...pieces: readonly string[]): Promise<string[]> =>
  (await text(send(...pieces, CLOSING))).match(/(?<=\r\n\r\n)[^;]+/g) ?? [];

describe('the body of a request', () => {
  it.each([
    ['with a length', [`${HEAD}content-length: 5\r\n\r\n`, 'he', 'llo']],
    ['in chunks', [`${HEAD}transfer-encoding: chunked\r\n\r\n2\r\nhe\r\n`, '3\r\nllo\r\n0\r\nx-trailer: a\r\n\r\n']],
    ['in one piece with its head', [`${HEAD}content-length: 5\r\n\r\nhello`]],
  ])('is read %s', async (_, pieces) => {
    expect(await answers(...pieces)).toEqual(['read 5', 'read 0']);
    expect(told[0]).toEqual(Buffer.from('hello'));
  });

  it('is read where there is none, and for two requests at once', async () => {
    const one = `${HEAD}content-length: 1\r\n\r\n1`;
    expect(await answers(`${HEAD}\r\n${one}${one}`)).toEqual(['read 0', 'read 1', 'read 1', 'read 0']);
  });

  it('may be as large as the limit', async () => {
    expect(await answers(`${HEAD}content-length: ${LIMIT}\r\n\r\n`, 'x'.repeat(LIMIT))).toEqual([
      `read ${LIMIT}`,
      'read 0',
    ]);
  });

  it.each([
    ['announced', [`${HEAD}content-length: ${LIMIT + 1}\r\n\r\n`]],
    ['found', [`${HEAD}transfer-encoding: chunked\r\n\r\n${(LIMIT + 1).toString(16)}\r\n${'x'.repeat(LIMIT + 1)}`]],
  ])('is refused at once where it is %s to be larger, and only once', async (_, pieces) => {
    const socket = send(...pieces);
    await once(socket, 'data').then((reply) => expect(String(reply)).toContain('\r\n\r\ntoo_large'));
    socket.destroy();
    expect(told).toHaveLength(1);
  });

  it('is not heard of where the client leaves before its end', async () => {
    const socket = send(`${HEAD}content-length: 5\r\n\r\n`, 'he');
    await once(server, 'request');
    socket.destroy();
    expect(await answers()).toEqual(['read 0']);
    expect(told).toHaveLength(1);
  });
});
