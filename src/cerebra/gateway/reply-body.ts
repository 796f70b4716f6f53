import type { Usage } from '../pricing/usage.js';
import type { UsageReading } from '../providers/usage-reading.js';
import { findUsage, Tail } from './json-usage.pure.js';
import { servedModelOf } from './served-model.pure.js';

/** Larger replies are passed on as they come; what these cost can be told in their headers. */
const LARGEST_HELD = 64 * 1024;

const NOTHING = Buffer.alloc(0);

/**
 * A reply that is no event stream: held until it is whole where it is small, so that its headers can tell its cost.
 * What was asked for as a stream goes on as it comes: Gemini's is a JSON array unless asked for events.
 */
export class ReplyBody {
  readonly events = 0;
  bytes = 0;
  #held: Buffer[] | null;
  #foundEarly: Usage | null = null;
  readonly #tail = new Tail();

  constructor(
    private readonly reading: UsageReading,
    streamed = false,
  ) {
    this.#held = streamed ? null : [];
  }

  /** @returns what may be sent on now */
  push(chunk: Buffer): Buffer {
    this.bytes += chunk.length;
    if (this.#held === null) {
      this.#tail.push(chunk);
      return chunk;
    }
    this.#held.push(chunk);
    if (this.bytes <= LARGEST_HELD) return NOTHING;
    const first = Buffer.concat(this.#held);
    this.#held = null;
    this.#foundEarly = findUsage(first, this.reading);
    this.#tail.push(first);
    return first;
  }

  /** @returns what is still held */
  end(): Buffer {
    return this.#held === null ? NOTHING : Buffer.concat(this.#held);
  }

  usage(): Usage | null {
    const end = this.#held === null ? this.#tail.bytes() : this.end();
    return findUsage(end, this.reading) ?? this.#foundEarly;
  }

  /** Null also where the reply was too large to hold. */
  servedModel(): string | null {
    return this.#held === null ? null : servedModelOf(this.end());
  }
}
