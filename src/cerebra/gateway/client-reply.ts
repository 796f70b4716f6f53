import { IncomingMessage, ServerResponse, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import { KEEP_ALIVE_MS } from '../../platform/http/server.js';
import { httpDate } from './http-date.js';

declare module 'node:http' {
  interface OutgoingMessage {
    /** Node's own: what goes out before the body, and whether that is known. */
    _header: string | null;
  }
}

/** Larger bodies are cheaper sent as they are than copied once more. */
const LARGEST_JOINED = 16 * 1024;

const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

const CONNECTION = `Connection: keep-alive\r\nKeep-Alive: timeout=${KEEP_ALIVE_MS / 1_000}\r\n`;

/**
 * Answers with a reply that is whole.
 * @param fields flat: name, value, name, value; without the length
 */
export function answerWhole(raw: ServerResponse, status: number, fields: readonly string[], body: Buffer): void {
  if (!isPlain(raw, status)) {
    raw.writeHead(status, [...fields, 'content-length', String(body.length)]);
    raw.end(body);
    return;
  }
  const head = headOf(status, fields, body.length);
  raw.statusCode = status;
  if (body.length > LARGEST_JOINED) {
    presetHead(raw, head);
    raw.end(body);
  } else {
    // One text, so that Node hands it to the system as it is: in parts, each would be an object on its way.
    presetHead(raw, head + body.toString('latin1'));
    raw.end();
  }
}

/** Begins a reply whose body follows by `raw.write`; without a length among its fields it is chunked. */
export function beginReply(raw: ServerResponse, status: number, fields: readonly string[]): void {
  raw.writeHead(status, [...fields]);
}

/**
 * Node checks and writes each field of a head by itself, which costs more than all else that is done for a call. Where
 * nothing is special, the head is put together here and handed over as the text that Node would have made of it.
 */
const isPlain = ({ req, shouldKeepAlive }: ServerResponse, status: number): boolean =>
  takesHeads && shouldKeepAlive && req.httpVersionMinor === 1 && req.method !== 'HEAD' && hasBody(status);

const hasBody = (status: number): boolean => status >= 200 && status !== 204 && status !== 304;

/** Whether this version of Node sends a head that was made for it, and nothing else. */
const takesHeads = ((): boolean => {
  const reply = new ServerResponse(new IncomingMessage(new Socket()));
  const head = 'HTTP/1.1 200 OK\r\n\r\n';
  presetHead(reply, head);
  reply.end();
  return reply.headersSent && reply.writableLength === head.length;
})();

function presetHead(raw: ServerResponse, text: string): void {
  // oxlint-disable-next-line eslint/no-underscore-dangle -- Node's own name; `takesHeads` finds out whether it still is
  raw._header = text;
}

function headOf(status: number, fields: readonly string[], length: number): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n`;
  let dated = false;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] ?? '';
    const value = fields[i + 1] ?? '';
    if (name === 'date') dated = true;
    // What would end a line early, or be another character in one byte.
    if (VALUE.test(value)) head += `${name}: ${value}\r\n`;
  }
  return `${head}content-length: ${length}\r\n${dated ? '' : `Date: ${httpDate()}\r\n`}${CONNECTION}\r\n`;
}
