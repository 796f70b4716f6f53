import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RawReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** Sends a request as raw bytes: its head, then, after an interim answer or a second, its body. */
export async function rawExchange(url: string, request: string): Promise<RawReply> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const received: Buffer[] = [];
  socket.on('data', (bytes) => received.push(bytes));
  const [head = '', body = ''] = request.split('\r\n\r\n', 2);
  socket.write(`${head}\r\nConnection: close\r\n\r\n`);
  await Promise.race([once(socket, 'data'), sleep(1_000)]);
  socket.write(body);
  await once(socket, 'close');
  return parse(Buffer.concat(received));
}

function parse(bytes: Buffer): RawReply {
  const end = bytes.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = Number(statusLine.split(' ')[1]);
  const rest = bytes.subarray(end + 4);
  if (status === 100) return parse(rest);
  const pairs = lines.map((line): [string, string] => [
    line.slice(0, line.indexOf(':')),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  return { status, headers: new Headers(pairs), body: rest };
}
