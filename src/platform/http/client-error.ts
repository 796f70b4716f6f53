import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { platformErrors } from '../errors/platform.errors.js';

interface ConnectionFailure {
  readonly code?: string;
}

/** Answers what is not HTTP, before there is a request: a head too large or too slow, or no head at all. */
export function answerClientError(error: ConnectionFailure, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, message } = meaningOf(error.code);
  const body = refusalBody(message);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** The error of a request that comes to no route, and so to no surface with a shape of its own. */
export const refusalBody = (message: string): string =>
  JSON.stringify({ error: { code: platformErrors.badRequest.code, message, details: {} } });

function meaningOf(code: string | undefined): { status: number; message: string } {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, message: 'The head of the request is too large.' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, message: 'The request did not arrive in time.' };
    default:
      return { status: 400, message: 'This is not HTTP/1.1.' };
  }
}
