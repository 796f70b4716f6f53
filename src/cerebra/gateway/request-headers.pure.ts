import type { IncomingHttpHeaders } from 'node:http';

/**
 * What a provider may see of the client's headers, flat: name, value, name, value. By a list of what passes, not of
 * what does not: the caller's key, cookies and addresses must not go upstream in whatever header they come.
 */
export function forUpstream(headers: IncomingHttpHeaders, passes: readonly string[]): string[] {
  const passed: string[] = [];
  for (const name of passes) {
    const value = headers[name];
    if (typeof value === 'string') passed.push(name, value);
  }
  return passed;
}
