import type { Usage } from '../pricing/usage.js';
import type { UsageReading } from '../providers/usage-reading.js';
import { dataOf, endOfEvent, endOfLastEvent, startOfEvent } from './event-bounds.pure.js';
import type { SeenReply } from './estimate.pure.js';
import { decode, skipSpace } from './json-scan.pure.js';
import { servedModelIn } from './served-model.pure.js';
import { mentionOfError, tellsError } from './told-error.pure.js';
import type { WatchedReply } from './watched-reply.js';

const NOTHING = Buffer.alloc(0);
const BLANK_LINE = Buffer.from('\n\n');
const DATA = Buffer.from('data:');
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;

/** An event is held back until it is whole, so that a cut never leaves half of one; a larger one goes through in parts. */
const LARGEST_HELD = 1024 ** 2;

/** What passes from upstream to client as server-sent events: whole events only, and their usage noted. */
export class EventStream implements WatchedReply {
  /** What was sent on ends within an event. */
  torn = false;
  failed = false;
  usageSoFar = false;
  #bytes = 0;
  #events = 0;
  /** A model may reason for long before; until then, events and bytes say nothing of how much it wrote. */
  #showedContent = false;
  #held: Buffer = NOTHING;
  #usage: Usage | null = null;
  #servedModel: string | null = null;

  constructor(
    private readonly reading: UsageReading,
    /** The client did not ask for the event that only tells the usage; we did. */
    private readonly hideUsage: boolean,
  ) {}

  /** @returns whole events */
  push(chunk: Buffer): Buffer {
    this.#bytes += chunk.length;
    const known = this.#held.length;
    const bytes = known === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    // A blank line may have begun at the end of what was known: at most CR LF CR before its last byte.
    const end = endOfLastEvent(bytes, Math.max(known - 4, 0));
    if (end === 0 && bytes.length > LARGEST_HELD) {
      this.#held = NOTHING;
      this.torn = true;
      this.#showedContent = true;
      return bytes;
    }
    this.#held = end === bytes.length ? NOTHING : bytes.subarray(end);
    if (end === 0) return NOTHING;
    this.torn = false;
    return this.#read(bytes.subarray(0, end));
  }

  /** What is left is the last event. Strict readers need the blank line that it lacks. */
  end(): Buffer {
    const rest = this.#held;
    this.#held = NOTHING;
    if (rest.length === 0) return rest;
    const passing = this.#read(rest);
    return passing.length === 0 ? passing : Buffer.concat([passing, BLANK_LINE]);
  }

  usage(): Usage | null {
    return this.#usage;
  }

  /** As the events that told usage named it. */
  servedModel(): string | null {
    return this.#servedModel;
  }

  seen(): SeenReply | null {
    return this.#showedContent ? { events: this.#events, bytes: this.#bytes } : null;
  }

  #read(block: Buffer): Buffer {
    for (let at = block.indexOf(DATA); at !== -1; at = block.indexOf(DATA, at + DATA.length)) this.#events++;
    if (!this.#showedContent) this.#lookForContent(block);
    this.#lookForError(block);
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
    const { usage, only, soFar } = this.reading.chunkUsageOf(payload, this.#usage);
    if (usage === null) return false;
    this.#usage = usage;
    this.usageSoFar = soFar;
    this.#servedModel = servedModelIn(payload) ?? this.#servedModel;
    return only && this.hideUsage;
  }

  #lookForContent(block: Buffer): void {
    for (let start = 0; start < block.length && !this.#showedContent;) {
      const end = endOfEvent(block, start);
      this.#showedContent = this.reading.showsContent(decode(dataOf(block.subarray(start, end))));
      start = end;
    }
  }

  #lookForError(block: Buffer): void {
    for (let at = mentionOfError(block); at !== -1 && !this.failed;) {
      const end = endOfEvent(block, at);
      this.failed = tellsError(decode(dataOf(block.subarray(startOfEvent(block, at), end))));
      at = mentionOfError(block, end);
    }
  }
}

/** Whether the name before `at` has an object for its value: most chunks say `"usage":null`. */
function opensObject(bytes: Buffer, at: number): boolean {
  const colon = skipSpace(bytes, at);
  return bytes[colon] === COLON && bytes[skipSpace(bytes, colon + 1)] === OPEN_BRACE;
}
