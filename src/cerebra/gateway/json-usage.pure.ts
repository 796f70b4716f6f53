import type { Usage } from '../pricing/usage.js';
import type { UsageReading } from '../providers/usage-reading.js';
import { decode, findMembers } from './json-scan.pure.js';
import { MALFORMED, skipBlank, skipValue } from './json-text.pure.js';

const OPENED = Buffer.from('{');

/** Usage stands at the end of a reply, and is far smaller than this. */
const TAIL = 16 * 1024;

/** The last usage in the bytes of a JSON reply, whole or in part, without reading the rest. */
export function findUsage(bytes: Buffer, reading: UsageReading): Usage | null {
  const { usageMark } = reading;
  let text: string | null = null;
  for (let at = bytes.lastIndexOf(usageMark); at !== -1; at = at === 0 ? -1 : bytes.lastIndexOf(usageMark, at - 1)) {
    text ??= bytes.toString('latin1');
    const colon = skipBlank(text, at + usageMark.length);
    if (text[colon] !== ':') continue;
    const start = skipBlank(text, colon + 1);
    const end = skipValue(text, start);
    const report = end === MALFORMED ? undefined : decode(bytes.toString('utf8', start, end));
    const usage = reading.usageOf(report, reading.tierIn?.(bytes));
    if (usage !== null) return usage;
  }
  return null;
}

/**
 * Makes a look-up of one member of the outermost object, of whose bytes only the last may be there. Anywhere deeper,
 * the name may be the client's own, as in the metadata that a reply repeats: what follows must be whole up to the end.
 */
export function outermost(name: string): (bytes: Buffer) => unknown {
  const mark = Buffer.from(`"${name}"`);
  const names = new Set([name]);
  return (bytes) => {
    for (let at = bytes.lastIndexOf(mark); at !== -1; at = at === 0 ? -1 : bytes.lastIndexOf(mark, at - 1)) {
      const rest = Buffer.concat([OPENED, bytes.subarray(at)]);
      const member = findMembers(rest, names)?.[0];
      if (member !== undefined) return decode(rest.toString('utf8', member.start, member.end));
    }
    return undefined;
  };
}

/** The end of a reply that is too large to hold: keeps its last chunks, at least {@link TAIL} bytes of them. */
export class Tail {
  #chunks: Buffer[] = [];
  #bytes = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (
      let first = this.#chunks[0];
      first !== undefined && this.#bytes - first.length >= TAIL;
      first = this.#chunks[0]
    ) {
      this.#bytes -= first.length;
      this.#chunks.shift();
    }
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
