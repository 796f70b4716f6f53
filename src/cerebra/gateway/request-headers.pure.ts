import type { IncomingHttpHeaders } from 'node:http';

/**
 * What a provider may see of the client's headers. A list of what passes, not of what does not: the caller's key,
 * cookies and addresses must not go upstream in whatever header they come.
 */
const PASSED = ['accept', 'user-agent', 'openai-beta', 'x-client-request-id'] as const;

/** Flat: name, value, name, value. */
export function forUpstream(headers: IncomingHttpHeaders): string[] {
  const passed: string[] = [];
  for (const name of PASSED) {
    const value = headers[name];
    if (typeof value === 'string') passed.push(name, value);
  }
  return passed;
}
