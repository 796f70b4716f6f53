import type { Usage } from '../pricing/usage.js';
import type { UsageReading } from '../providers/usage-reading.js';
import type { SeenReply } from './estimate.pure.js';
import { findUsage, Tail } from './json-usage.pure.js';
import { servedModelOf } from './served-model.pure.js';
import { endsInError, isErrorReply } from './told-error.pure.js';
import type { WatchedReply } from './watched-reply.js';

/** Larger replies are passed on as they come; what these cost can be told in their headers. */
const LARGEST_HELD = 64 * 1024;

const NOTHING = Buffer.alloc(0);

/**
 * A reply that is no event stream: held until it is whole where it is small, so that its headers can tell its cost.
 * What was asked for as a stream goes on as it comes: Gemini's is a JSON array unless asked for events.
 */
export class ReplyBody implements WatchedReply {
  #bytes = 0;
  #held: Buffer[] | null;
  #foundEarly: Usage | null = null;
  #ended = false;
  readonly #tail = new Tail();

  constructor(
    private readonly reading: UsageReading,
    private readonly streamed = false,
  ) {
    this.#held = streamed ? null : [];
  }

  push(chunk: Buffer): Buffer {
    this.#bytes += chunk.length;
    if (this.#held === null) {
      this.#tail.push(chunk);
      return chunk;
    }
    this.#held.push(chunk);
    if (this.#bytes <= LARGEST_HELD) return NOTHING;
    const first = Buffer.concat(this.#held);
    this.#held = null;
    this.#foundEarly = findUsage(first, this.reading);
    this.#tail.push(first);
    return first;
  }

  end(): Buffer {
    this.#ended = true;
    return this.#whole() ?? NOTHING;
  }

  usage(): Usage | null {
    return findUsage(this.#whole() ?? this.#tail.bytes(), this.reading) ?? this.#foundEarly;
  }

  /** What is not streamed tells it once. */
  get usageSoFar(): boolean {
    return this.streamed && !this.#ended;
  }

  /** Null also where the reply was too large to hold. */
  servedModel(): string | null {
    const whole = this.#whole();
    return whole === null ? null : servedModelOf(whole);
  }

  get failed(): boolean {
    const whole = this.#whole();
    if (whole !== null) return isErrorReply(whole);
    return this.streamed && endsInError(this.#tail.bytes());
  }

  /** A JSON text tells nothing before its end, and one that was asked for as a stream may have left out anything. */
  seen(): SeenReply | null {
    return this.#ended && !this.streamed && this.#bytes > 0 ? { events: 0, bytes: this.#bytes } : null;
  }

  /** Put together once, for all who ask. */
  #whole(): Buffer | null {
    if (this.#held === null) return null;
    const [first = NOTHING, ...more] = this.#held;
    if (more.length === 0) return first;
    const whole = Buffer.concat(this.#held);
    this.#held = [whole];
    return whole;
  }
}
