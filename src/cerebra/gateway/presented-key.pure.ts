import type { IncomingHttpHeaders } from 'node:http';
import { bringsOwnKey, type Caller } from '../identity/caller.js';

const BEARER = /^Bearer +(\S+)$/i;
const KEY_HEADERS = ['x-api-key', 'x-goog-api-key'] as const;
/** What a header can carry: the query may hold anything. */
const IN_A_HEADER = /^[\x21-\x7e]+$/;

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
  return keyInQuery(query);
}

/**
 * The caller's own key as it goes upstream, flat: name, value. Only the header that it was found in, as any other may
 * hold a key that is none of the provider's business. Gemini's clients may put theirs into the query; as a header it
 * stays out of logs.
 * @returns null for a caller with a virtual key, which no provider may see
 */
export function ownCredential(caller: Caller, headers: IncomingHttpHeaders, query: unknown): readonly string[] | null {
  if (!bringsOwnKey(caller)) return null;
  if (headers.authorization !== undefined) return ['authorization', headers.authorization];
  for (const name of KEY_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') return [name, value];
  }
  return ['x-goog-api-key', keyInQuery(query) ?? ''];
}

function keyInQuery(query: unknown): string | undefined {
  const key = typeof query === 'object' && query !== null && 'key' in query ? query.key : undefined;
  return typeof key === 'string' && IN_A_HEADER.test(key) ? key : undefined;
}
