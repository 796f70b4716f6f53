/**
 * The query of a request as a provider may see it, with its question mark. Without `key`: that is where Gemini's
 * clients may put their key, and ours must not go upstream, whatever the surface.
 */
export function queryFor(url: string): string {
  const mark = url.indexOf('?');
  if (mark === -1) return '';
  const query = url.slice(mark);
  if (!/[?&]key=/.test(query)) return query;
  const kept = query
    .slice(1)
    .split('&')
    .filter((pair) => !pair.startsWith('key='));
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

/** The path alone: the query may hold a key, which is no reader's business. */
export const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';
