/** Escaped letters: no encoder writes them, so whoever does means to hide a word. */
const HIDDEN_LETTER = /\\u00(?:[46][1-9a-f]|[57][0-9a]|5f)/i;

/**
 * Makes a test whether a JSON text may hold one of these words as a name or a value, in whatever escaping.
 * It says so too often rather than too rarely; a call then only reserves more.
 *
 * @param words of letters and underscores
 */
export function mentions(words: readonly string[]): (json: Buffer) => boolean {
  // One pass: V8 and Node take five times as long to look for one of these words alone in a text full of quotes.
  const told = new RegExp(`"(?:${words.join('|')})"`);
  const toldOrEscaped = new RegExp(`${told.source}|\\\\u00`);
  return (json) => {
    const text = json.toString('latin1');
    return toldOrEscaped.test(text) && (told.test(text) || HIDDEN_LETTER.test(text));
  };
}
