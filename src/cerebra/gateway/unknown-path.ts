import type { FastifyRequest } from 'fastify';
import { rightBase } from './base-url.pure.js';
import type { Failure } from './failure.js';
import { pathOf } from './query.pure.js';

/** There is nothing for this request; where its client has a wrong base URL, the answer names the right one. */
export function unknownPath({ url, headers, host, protocol }: FastifyRequest): Failure {
  const path = pathOf(url);
  const base = rightBase(path);
  if (base === null) return { kind: 'unknown_path', path };
  // The scheme that the client used, where a proxy before us ends TLS.
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : protocol;
  return { kind: 'unknown_path', path, baseUrl: `${scheme}://${host}${base}` };
}
