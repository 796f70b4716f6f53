import type { ServerResponse } from 'node:http';
import type { ErrorSpec } from '../../platform/errors/app-error.js';

/** Answers in the error envelope of every management API; for replies that Fastify does not write. */
export function refuse(response: ServerResponse, { code, status }: ErrorSpec, message: string): void {
  const body = JSON.stringify({ error: { code, message, details: {} } });
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...(status === 503 ? { 'retry-after': '5' } : {}),
  });
  response.end(body);
}
