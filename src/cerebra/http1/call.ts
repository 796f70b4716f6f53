import type { UpstreamCall, UpstreamFault } from '../providers/upstream.js';
import type { Fields } from './fields.pure.js';

/**
 * Hears a reply as it arrives. The last thing it hears is one of `ended` and `failed`, once.
 * Its methods must not throw: nobody stands above them who could tell what that meant for the call.
 */
export interface ReplyListener {
  head(status: number, fields: Fields): void;
  /** After `pause` too, for what had been read by then: one read's worth at most. */
  bytes(chunk: Buffer): void;
  ended(): void;
  /** @param reason for a log: no content, no names */
  failed(fault: UpstreamFault, reason: string): void;
}

/** The connection under a call, as far as the call may touch it. */
export interface Carrier {
  pause(): void;
  resume(): void;
  destroy(): void;
}

/** One request on its way, whichever connection carries it. */
export class Http1Call implements UpstreamCall {
  #carrier: Carrier | null = null;
  #paused = false;
  #over = false;

  constructor(
    readonly head: string,
    readonly body: Buffer | null,
    readonly bodyless: boolean,
    readonly listener: ReplyListener,
  ) {}

  get paused(): boolean {
    return this.#paused;
  }

  /** It has ended, failed or been given up: from now on, its connection may be another call's. */
  get over(): boolean {
    return this.#over;
  }

  carriedBy(carrier: Carrier): void {
    this.#carrier = carrier;
  }

  pause(): void {
    if (this.#over) return;
    this.#paused = true;
    this.#carrier?.pause();
  }

  resume(): void {
    if (this.#over || !this.#paused) return;
    this.#paused = false;
    this.#carrier?.resume();
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#carrier?.destroy();
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.listener.ended();
  }

  fail(fault: UpstreamFault, reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.listener.failed(fault, reason);
  }
}
