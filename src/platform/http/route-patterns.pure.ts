/** A route as it was registered. */
export interface RoutePattern {
  readonly url: string;
  readonly matches: RegExp;
  readonly methods: readonly string[];
}

/** @param url in the router's syntax: `/budgets/:id`, `/files/*`, `/models/:id(\\d+)`, `::` for a colon */
export function patternOf(url: string, methods: readonly string[]): RoutePattern {
  const source = url.replace(/::|:[A-Za-z_]\w*(?:\([^)]*\))?|\*|[^:*]+|:/g, (part) => {
    if (part === '::') return ':';
    if (part === '*') return '.*';
    return part.startsWith(':') && part.length > 1 ? '[^/]+' : escaped(part);
  });
  return { url, matches: new RegExp(`^${source}$`), methods };
}

/** The methods that a path has, in alphabetical order; empty for an unknown one. */
export function methodsOf(routes: readonly RoutePattern[], path: string): readonly string[] {
  const found = routes.filter(({ matches }) => matches.test(path)).flatMap(({ methods }) => methods);
  return [...new Set(found)].sort();
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
