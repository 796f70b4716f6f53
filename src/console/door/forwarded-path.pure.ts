/**
 * The path to ask a context for.
 * @param url as the caller sent it, such as `/api/cerebra/api/v1/budgets?limit=5`
 * @param prefix such as `/api/cerebra`
 * @returns null where the path could lead out of the context's own address
 */
export function forwardedPath(url: string, prefix: string): string | null {
  // The router compares decoded paths; what is cut off here has to be the prefix letter by letter.
  if (!url.startsWith(prefix)) return null;
  const rest = url.slice(prefix.length);
  const path = rest.split('?', 1)[0] ?? '';
  return isSafe(path) ? `${path.startsWith('/') ? '' : '/'}${rest}` : null;
}

/** However often it is encoded, no step up; a proxy in front of the context might decode once more. */
function isSafe(path: string): boolean {
  try {
    const decoded = decodeURIComponent(path.replace(/%(?:25)+(?=[\da-f]{2})/gi, '%'));
    return !/[\\\0]/.test(decoded) && decoded.split('/').every((segment) => segment !== '.' && segment !== '..');
  } catch {
    return false;
  }
}
