import type { IncomingHttpHeaders } from 'node:http';

/**
 * Not the client's business: what belongs to one connection (RFC 9110, 7.6.1), what a browser would hold against the
 * gateway's own origin, and the length, which is told anew for what is really sent.
 */
const DROPPED: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'set-cookie',
  'alt-svc',
  'strict-transport-security',
]);

/** Headers of ours; those of a gateway behind this one would only mislead. */
const OWN = 'x-oco-';

/** What the provider leaves to the account that all keys share; a key with limits of its own has no use for that. */
const LIMITS = /^(?:x|anthropic)-ratelimit-/;

/** The upstream's headers that a client gets, flat: name, value, name, value. */
export function passedOn(headers: IncomingHttpHeaders, limitedHere: boolean): string[] {
  const named = headers.connection?.toLowerCase().split(/\s*,\s*/) ?? [];
  const passed: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || DROPPED.has(name) || name.startsWith(OWN) || named.includes(name)) continue;
    if (limitedHere && LIMITS.test(name)) continue;
    if (typeof value === 'string') passed.push(name, value);
    else for (const one of value) passed.push(name, one);
  }
  return passed;
}

/** A coding that a provider was asked not to use; null: none. */
export const codingOf = ({ 'content-encoding': coding }: IncomingHttpHeaders): string | null =>
  coding === undefined || coding.toLowerCase() === 'identity' ? null : coding;

export const isEventStream = (headers: IncomingHttpHeaders): boolean =>
  headers['content-type']?.toLowerCase().startsWith('text/event-stream') ?? false;
