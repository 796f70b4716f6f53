import { MAX_FIELDS } from './limits.js';
import type { Refusal } from './refusal.js';

/** Header fields in the order they came, names in lower case, values in latin1: name, value, name, value. */
export type Fields = readonly string[];

// RFC 9112, 5: no space before the colon, no folded line, no control characters, and only CRLF ends a line.
const FIELD_LINE = /([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)\r\n/y;

/** @param text field lines, each with its CRLF, from `start` to the end */
export function readFields(text: string, start: number): Fields | Refusal {
  const fields: string[] = [];
  let at = start;
  while (at < text.length) {
    FIELD_LINE.lastIndex = at;
    const line = FIELD_LINE.exec(text);
    if (line === null) return 'malformed field';
    at = FIELD_LINE.lastIndex;
    fields.push((line[1] ?? '').toLowerCase(), withoutTrailingSpace(line[2] ?? ''));
    if (fields.length > 2 * MAX_FIELDS) return 'too many fields';
  }
  return fields;
}

function withoutTrailingSpace(value: string): string {
  return value.endsWith(' ') || value.endsWith('\t') ? value.trimEnd() : value;
}
