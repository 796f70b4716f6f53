/** Where a call goes that is passed through. */
export interface PassedPath {
  readonly provider: string;
  /** What follows the provider's name, with its slash. */
  readonly path: string;
}

/** Both prefixes mean the same; the second is for clients that insist on a `/v1`. */
export const PASS_THROUGH_PREFIXES = ['/api/v1/proxy', '/v1/proxy'] as const;

/** A segment that leads elsewhere, in whatever way its dots are written: the path that is looked at must be the one that runs. */
const UPWARDS = /(?:^|[/\\]|%2f|%5c)(?:\.|%2e){1,2}(?:[/\\]|%2f|%5c|$)/i;

/** @returns null for what is no pass-through, or would leave the provider's API */
export function passedPath(path: string): PassedPath | null {
  const prefix = PASS_THROUGH_PREFIXES.find((each) => path.startsWith(`${each}/`));
  if (prefix === undefined) return null;
  const start = prefix.length + 1;
  const slash = path.indexOf('/', start);
  if (slash === -1 || UPWARDS.test(path)) return null;
  return { provider: path.slice(start, slash), path: path.slice(slash) };
}

/** What is appended to the root of a provider's API: clients may give the root's own path, such as `/v1`, or not. */
export const belowRoot = (path: string, root: string): string =>
  path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : path;
