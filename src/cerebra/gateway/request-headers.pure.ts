import type { IncomingHttpHeaders } from 'node:http';

/**
 * What a provider may see of the client's headers, flat: name, value, name, value. By a list of what passes where one
 * can be made; where calls are passed through as they are, there is only a list of what does not.
 */
export function forUpstream(headers: IncomingHttpHeaders, passes: readonly string[] | null): string[] {
  const passed: string[] = [];
  for (const name of passes ?? Object.keys(headers)) {
    const value = headers[name];
    if (typeof value === 'string' && (passes !== null || isForeign(name))) passed.push(name, value);
  }
  return passed;
}

/** The caller's keys, cookies and addresses, whatever its header is called. */
const PRIVATE: ReadonlySet<string> = new Set([
  'authorization',
  'x-api-key',
  'x-goog-api-key',
  'api-key',
  'cookie',
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
]);

const PRIVATE_PREFIXES = ['x-forwarded-', 'x-oco-'] as const;

/** Whom the call is for, which only the gateway needs to know. */
const ATTRIBUTION: ReadonlySet<string> = new Set(['x-agent-id', 'x-team-id', 'x-org-id', 'x-user-id']);

export const isPrivate = (name: string): boolean =>
  PRIVATE.has(name) || ATTRIBUTION.has(name) || PRIVATE_PREFIXES.some((prefix) => name.startsWith(prefix));

/** Told anew for the body and the connection that are used upstream. */
const OURS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether a header is neither the business of one connection nor that of the caller alone. */
export const isForeign = (name: string): boolean => !OURS.has(name) && !isPrivate(name);
