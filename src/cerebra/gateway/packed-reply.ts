import type { Transform } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Usage } from '../pricing/usage.js';
import { decoderOf } from './content-coding.js';
import type { SeenReply } from './estimate.pure.js';
import type { WatchedReply } from './watched-reply.js';

const NOTHING = Buffer.alloc(0);

/** What may wait to be unpacked; and what all of it may become, as a few bytes can be made to fill any memory. */
const MOST_WAITING = 1024 ** 2;
const MOST_UNPACKED = 64 * 1024 ** 2;

/**
 * A reply in a coding that the provider was asked not to use. It passes as it comes; beside its way, a copy is unpacked
 * for the one that watches. Where that cannot be done, nothing was seen of it.
 */
export class PackedReply implements WatchedReply {
  readonly #decoder: Transform | null;
  #unpacked = 0;
  #lost: boolean;

  constructor(
    private readonly inner: WatchedReply,
    coding: string,
  ) {
    this.#decoder = decoderOf(coding);
    this.#lost = this.#decoder === null;
    this.#decoder?.on('data', (bytes: Buffer) => this.#read(bytes)).on('error', () => this.#giveUp());
  }

  push(chunk: Buffer): Buffer {
    if (this.#decoder === null || this.#lost) return chunk;
    if (this.#decoder.writableLength > MOST_WAITING) this.#giveUp();
    else this.#decoder.write(chunk);
    return chunk;
  }

  /** Resolves when all that came has been unpacked and read. */
  async read(): Promise<void> {
    if (this.#decoder === null || this.#lost) return;
    this.#decoder.end();
    await finished(this.#decoder).catch(() => this.#giveUp());
  }

  /** The copy is needed no longer. */
  close(): void {
    this.#decoder?.destroy();
  }

  end(): Buffer {
    this.inner.end();
    return NOTHING;
  }

  usage(): Usage | null {
    return this.#lost ? null : this.inner.usage();
  }

  get usageSoFar(): boolean {
    return this.inner.usageSoFar;
  }

  servedModel(): string | null {
    return this.#lost ? null : this.inner.servedModel();
  }

  get failed(): boolean {
    return !this.#lost && this.inner.failed;
  }

  seen(): SeenReply | null {
    return this.#lost ? null : this.inner.seen();
  }

  #read(bytes: Buffer): void {
    this.#unpacked += bytes.length;
    if (this.#unpacked > MOST_UNPACKED) this.#giveUp();
    else this.inner.push(bytes);
  }

  #giveUp(): void {
    this.#lost = true;
    this.#decoder?.destroy();
  }
}
