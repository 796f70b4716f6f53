import type { Usage } from '../pricing/usage.js';
import type { UsageReading } from '../providers/usage-reading.js';
import { dataOf, endOfEvent, endOfLastEvent, startOfEvent } from './event-bounds.pure.js';
import { decode, skipSpace } from './json-scan.pure.js';
import { servedModelIn } from './served-model.pure.js';

const NOTHING = Buffer.alloc(0);
const BLANK_LINE = Buffer.from('\n\n');
const DATA = Buffer.from('data:');
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;

/** An event is held back until it is whole, so that a cut never leaves half of one; a larger one goes through in parts. */
const LARGEST_HELD = 1024 ** 2;

/** What passes from upstream to client as server-sent events: whole events only, and their usage noted. */
export class EventStream {
  bytes = 0;
  events = 0;
  /** What was sent on ends within an event. */
  torn = false;
  #held: Buffer = NOTHING;
  #usage: Usage | null = null;
  #servedModel: string | null = null;

  constructor(
    private readonly reading: UsageReading,
    /** The client did not ask for the event that only tells the usage; we did. */
    private readonly hideUsage: boolean,
    /** Compressed: its events cannot be told apart, so it passes as it comes. */
    readonly packed = false,
  ) {}

  /** @returns what may be sent on: the client's bytes, whole events */
  push(chunk: Buffer): Buffer {
    this.bytes += chunk.length;
    if (this.packed) return chunk;
    const known = this.#held.length;
    const bytes = known === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    // A blank line may have begun at the end of what was known: at most CR LF CR before its last byte.
    const end = endOfLastEvent(bytes, Math.max(known - 4, 0));
    if (end === 0 && bytes.length > LARGEST_HELD) {
      this.#held = NOTHING;
      this.torn = true;
      return bytes;
    }
    this.#held = end === bytes.length ? NOTHING : bytes.subarray(end);
    if (end === 0) return NOTHING;
    this.torn = false;
    return this.#read(bytes.subarray(0, end));
  }

  /** The stream has ended well: what is left is its last event. Strict readers need the blank line that it lacks. */
  end(): Buffer {
    const rest = this.#held;
    this.#held = NOTHING;
    if (rest.length === 0) return rest;
    const passing = this.#read(rest);
    return passing.length === 0 ? passing : Buffer.concat([passing, BLANK_LINE]);
  }

  /** The last report, or null when none has come. */
  usage(): Usage | null {
    return this.#usage;
  }

  /** As the events that told usage named it. */
  servedModel(): string | null {
    return this.#servedModel;
  }

  #read(block: Buffer): Buffer {
    for (let at = block.indexOf(DATA); at !== -1; at = block.indexOf(DATA, at + DATA.length)) this.events++;
    const { usageMark } = this.reading;
    const kept: Buffer[] = [];
    let keptUpTo = 0;
    let at = block.indexOf(usageMark);
    while (at !== -1) {
      let next = at + usageMark.length;
      if (opensObject(block, next)) {
        const start = startOfEvent(block, at);
        next = endOfEvent(block, at);
        if (this.#hides(block.subarray(start, next))) {
          kept.push(block.subarray(keptUpTo, start));
          keptUpTo = next;
        }
      }
      at = block.indexOf(usageMark, next);
    }
    if (keptUpTo === 0) return block;
    kept.push(block.subarray(keptUpTo));
    return Buffer.concat(kept);
  }

  #hides(event: Buffer): boolean {
    const payload = decode(dataOf(event));
    const { usage, only } = this.reading.chunkUsageOf(payload, this.#usage);
    if (usage === null) return false;
    this.#usage = usage;
    this.#servedModel = servedModelIn(payload) ?? this.#servedModel;
    return only && this.hideUsage;
  }
}

/** Whether the name before `at` has an object for its value: most chunks say `"usage":null`. */
function opensObject(bytes: Buffer, at: number): boolean {
  const colon = skipSpace(bytes, at);
  return bytes[colon] === COLON && bytes[skipSpace(bytes, colon + 1)] === OPEN_BRACE;
}
