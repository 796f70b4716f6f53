import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { KEEP_ALIVE_MS } from '../../platform/http/server.js';
import { answerWhole } from './client-reply.js';

interface Answer {
  readonly status: number;
  readonly fields: readonly string[];
  readonly body: Buffer;
}

const DATED = ['content-type', 'application/json', 'date', 'Wed, 25 Nov 2026 00:00:00 GMT', 'x-name', 'caf\u00e9'];
const small = { status: 200, fields: DATED, body: Buffer.from('{"text":"caf\u00e9 \u2603"}') };
const large = { ...small, body: Buffer.alloc(100_000, 0xe9) };

let answer: Answer = small;

/** What Node itself makes of it. */
function byNode(raw: ServerResponse): void {
  raw.writeHead(answer.status, [...answer.fields, 'content-length', String(answer.body.length)]);
  raw.end(answer.body);
}

const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requireHostHeader: false }, (request, raw) => {
  if (request.url === '/last') raw.writeHead(200, { date: 'now' }).end('last');
  else if (request.url === '/node') byNode(raw);
  else answerWhole(raw, answer.status, answer.fields, answer.body);
});
let port = 0;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is no path
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => void server.close());

/** All bytes that a request and a closing one behind it are answered with, in latin1. */
async function bytesFor(request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  socket.write(`${request}GET /last HTTP/1.1\r\nconnection: close\r\n\r\n`);
  return text(socket);
}

describe('a whole reply', () => {
  const requests = {
    'over HTTP/1.1': 'POST PATH HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}',
    'to HEAD': 'HEAD PATH HTTP/1.1\r\n\r\n',
    'over HTTP/1.0': 'POST PATH HTTP/1.0\r\ncontent-length: 0\r\n\r\n',
    'over HTTP/1.0, kept alive': 'POST PATH HTTP/1.0\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n',
    'to a client that closes': 'POST PATH HTTP/1.1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n',
    'to two requests at once':
      'POST PATH HTTP/1.1\r\ncontent-length: 0\r\n\r\nPOST PATH HTTP/1.1\r\ncontent-length: 0\r\n\r\n',
    'after 100 Continue': 'POST PATH HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n{}',
  };
  const answers = { small, large, 'without content': { ...small, status: 204, body: Buffer.alloc(0) } };

  for (const [what, reply] of Object.entries(answers)) {
    it.each(Object.entries(requests))(`is the bytes that Node would have sent: ${what}, %s`, async (_, request) => {
      answer = reply;
      const [ours, nodes] = await Promise.all([
        bytesFor(request.replaceAll('PATH', '/ours')),
        bytesFor(request.replaceAll('PATH', '/node')),
      ]);
      expect(ours).toBe(nodes);
    });
  }

  it('has a date of its own where the provider gave none, and no value that could end a line', async () => {
    answer = { ...small, fields: ['x-evil', 'a\r\nx-more: b', 'x-wide', '\u010a', 'x-kept', 'c'] };
    const reply = await bytesFor('POST /ours HTTP/1.1\r\ncontent-length: 0\r\n\r\n');
    const [head = ''] = reply.split('\r\n\r\n');
    expect(head).toMatch(
      /^HTTP\/1\.1 200 OK\r\nx-kept: c\r\ncontent-length: 20\r\nDate: [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT\r\n/,
    );
    expect(head).not.toMatch(/evil|more|wide/);
  });
});
