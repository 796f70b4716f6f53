import { isUtf8 } from 'node:buffer';

const windows1252 = new TextDecoder('windows-1252');

export interface DecodedText {
  readonly text: string;
  /** False: it was no UTF-8, or held what PostgreSQL's text cannot. */
  readonly isSound: boolean;
}

/**
 * Text whose bytes are not plain ASCII. What is no UTF-8 was written by a program that knows only its own country's
 * letters, nearly always Windows-1252.
 */
export function decode(bytes: Buffer): DecodedText {
  const isText = isUtf8(bytes);
  const decoded = isText ? bytes.toString('utf8') : windows1252.decode(bytes);
  const text = decoded.replaceAll('\0', '');
  return { text, isSound: isText && text.length === decoded.length };
}
