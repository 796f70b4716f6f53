/** Escaped letters: no encoder writes them, so whoever does means to hide a word. */
const HIDDEN_LETTER = /\\u00(?:[46][1-9a-f]|[57][0-9a]|5f)/i;

/**
 * Makes a test whether a JSON text may hold one of these words as a name or a value, in whatever escaping.
 * It says so too often rather than too rarely; a call then only reserves more.
 */
export function mentions(words: readonly string[]): (json: Buffer) => boolean {
  const quoted = words.map((word) => Buffer.from(`"${word}"`));
  return (json) =>
    quoted.some((word) => json.includes(word)) ||
    (json.includes('\\u00') && HIDDEN_LETTER.test(json.toString('latin1')));
}
