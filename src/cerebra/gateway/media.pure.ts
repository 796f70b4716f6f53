const MEDIA = ['"image_url"', '"file"'].map((name) => Buffer.from(name));

/** Escaped letters: no encoder writes them, so whoever does means to hide a word. */
const HIDDEN_LETTER = /\\u00(?:[46][1-9a-f]|[57][0-9a]|5f)/i;

/**
 * Whether a chat body may name an image or a file: how many tokens those become is not bounded by its bytes.
 * Says so too often rather than too rarely; the call then only reserves more.
 */
export const namesMedia = (body: Buffer): boolean =>
  MEDIA.some((name) => body.includes(name)) || (body.includes('\\u00') && HIDDEN_LETTER.test(body.toString('latin1')));
