/** PostgreSQL's text holds neither NUL nor half of a surrogate pair, though JSON and URLs can bring both. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/**
 * Looks for text that could not be stored, in values and in names.
 * @returns the path to the first one; null where there is none
 */
export function unstorablePath(value: unknown, path: readonly string[] = []): readonly string[] | null {
  if (typeof value === 'string') return isStorable(value) ? null : path;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, member] of Object.entries(value)) {
    if (!isStorable(name)) return path;
    const found = unstorablePath(member, [...path, name]);
    if (found !== null) return found;
  }
  return null;
}
