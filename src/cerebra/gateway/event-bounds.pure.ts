const LF = 0x0a;
const CR = 0x0d;

const endsLine = (byte: number | undefined): boolean => byte === LF || byte === CR;

/**
 * Where the last whole event of an event stream ends: behind its blank line. Lines end with CRLF, LF or CR, and with
 * nothing else: U+2028 is a character like any other (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 *
 * @param from nothing before this index is looked at
 * @returns 0 when there is none
 */
export function endOfLastEvent(bytes: Buffer, from: number): number {
  for (let at = bytes.length - 1; at > from; at--) {
    if (!endsLine(bytes[at])) continue;
    // The other half of this CRLF is still to come.
    if (bytes[at] === CR && bytes[at - 1] === LF && at === bytes.length - 1) continue;
    const start = bytes[at] === LF && bytes[at - 1] === CR ? at - 1 : at;
    if (start > from && endsLine(bytes[start - 1])) return at + 1;
  }
  return 0;
}

/** Where the event that holds the byte `inside` begins. */
export const startOfEvent = (bytes: Buffer, inside: number): number => endOfLastEvent(bytes.subarray(0, inside), 0);

/** Where the event that holds the byte `inside` ends: behind its blank line, or with the bytes. */
export function endOfEvent(bytes: Buffer, inside: number): number {
  for (let at = inside; at < bytes.length; at++) {
    if (!endsLine(bytes[at])) continue;
    const next = bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at + 1;
    if (endsLine(bytes[next])) return bytes[next] === CR && bytes[next + 1] === LF ? next + 2 : next + 1;
  }
  return bytes.length;
}

/** The payload of an event: its `data` lines, without the comments and other fields between them. */
export function dataOf(event: Buffer): string {
  const lines: string[] = [];
  for (const line of event.toString('utf8').split(/\r\n|\n|\r/)) {
    // One space behind the colon is optional.
    if (line.startsWith('data:')) lines.push(line.slice(line[5] === ' ' ? 6 : 5));
  }
  return lines.join('\n');
}
