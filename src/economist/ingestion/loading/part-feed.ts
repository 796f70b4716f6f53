import type { Readable } from 'node:stream';
import type { FilePart, Part, RowsPart } from '../../sources/cost-source.js';
import type { Order } from './process/messages.js';

/** Hands a part that is no local file to the process that loads it, a piece at a time as it asks. */
export class PartFeed {
  #pieces: AsyncIterator<Order> | null = null;
  #stream: Readable | null;

  /** @param first the file's stream where it is open already: a provider may charge for each time */
  constructor(
    private readonly part: Part,
    first: Readable | null = null,
  ) {
    this.#stream = first;
  }

  /** @param isFirst to begin anew */
  async next(isFirst: boolean): Promise<Order> {
    if (isFirst) await this.#open();
    const next = await this.#pieces?.next();
    return next === undefined || next.done === true ? { kind: 'end' } : next.value;
  }

  /** Waits for nothing: a source that hangs must not hold up the end of its load. */
  close(): void {
    const pieces = this.#pieces;
    this.#pieces = null;
    this.#stream?.destroy();
    pieces?.return?.().catch(() => undefined);
  }

  async #open(): Promise<void> {
    const unread = this.#pieces === null ? this.#stream : null;
    if (unread === null) this.close();
    this.#pieces =
      this.part.kind === 'rows' ? batchesOf(this.part) : this.#chunks(unread ?? (await streamOf(this.part)));
  }

  #chunks(stream: Readable): AsyncIterator<Order> {
    this.#stream = stream;
    return chunksOf(stream);
  }
}

async function* batchesOf(part: RowsPart): AsyncGenerator<Order> {
  for await (const rows of part.batches()) yield { kind: 'rows', rows };
}

async function streamOf(part: FilePart): Promise<Readable> {
  const opened = await part.open();
  if ('stream' in opened) return opened.stream;
  throw new Error(`${part.name} was a stream at first, and is a file now`);
}

async function* chunksOf(stream: Readable): AsyncGenerator<Order> {
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a part must be a stream of bytes');
    yield { kind: 'chunk', bytes: chunk };
  }
}
