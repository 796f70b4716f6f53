import type { ServerResponse } from 'node:http';
import type { AppError } from '../../platform/errors/app-error.js';
import { envelopeOf } from '../../platform/errors/error-reply.js';

/** Answers in the error envelope of every management API; for replies that Fastify does not write. */
export function refuse(response: ServerResponse, error: AppError): void {
  const body = JSON.stringify(envelopeOf(error));
  response.writeHead(error.spec.status, {
    ...error.headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
