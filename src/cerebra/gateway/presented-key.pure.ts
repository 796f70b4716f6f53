import type { IncomingHttpHeaders } from 'node:http';

const BEARER = /^Bearer +(\S+)$/i;
const KEY_HEADERS = ['x-api-key', 'x-goog-api-key'] as const;

/**
 * The key that a caller shows, wherever the clients of the three APIs put theirs. The first one counts: what stands
 * behind a wrong key is not tried.
 */
export function presentedKey(headers: IncomingHttpHeaders, query: unknown): string | undefined {
  if (headers.authorization !== undefined) return BEARER.exec(headers.authorization)?.[1];
  for (const name of KEY_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') return value;
  }
  const inQuery = typeof query === 'object' && query !== null && 'key' in query ? query.key : undefined;
  return typeof inQuery === 'string' ? inQuery : undefined;
}
