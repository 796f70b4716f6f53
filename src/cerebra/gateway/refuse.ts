import type { ServerResponse } from 'node:http';
import type { Dialect } from '../providers/dialect.js';
import type { Failure } from './failure.js';

/** Answers in the shape of the surface. The one door by which refusals and failures leave. @returns the status sent */
export function refuse(raw: ServerResponse, dialect: Dialect, failure: Failure, requestId: string): number {
  const { status, headers, body } = dialect.refusal(failure, requestId);
  const length = Buffer.byteLength(body);
  raw.writeHead(status, [
    'content-type',
    'application/json',
    'content-length',
    String(length),
    'x-oco-request-id',
    requestId,
    // What is left of a body that nobody reads would be taken for the next request.
    ...(failure.kind === 'too_large' ? ['connection', 'close'] : []),
    ...headers,
  ]);
  raw.end(body);
  return status;
}
