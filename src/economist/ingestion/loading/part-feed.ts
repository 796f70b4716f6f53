import type { Readable } from 'node:stream';
import type { Part } from '../../sources/cost-source.js';
import type { Order } from './thread/messages.js';

/** Hands a part that is no local file to the thread that loads it, a piece at a time as it asks. */
export class PartFeed {
  #pieces: AsyncIterator<Order> | null = null;

  /** @param first the file's stream where it is open already: a provider may charge for each time */
  constructor(
    private readonly part: Part,
    private first: Readable | null = null,
  ) {}

  /** From the first piece on. */
  async open(): Promise<void> {
    await this.#closePieces();
    const { first } = this;
    this.first = null;
    this.#pieces = first === null ? piecesOf(this.part) : chunksOf(first);
  }

  async next(): Promise<Order> {
    const next = await this.#pieces?.next();
    return next === undefined || next.done === true ? { kind: 'end' } : next.value;
  }

  async close(): Promise<void> {
    await this.#closePieces();
    this.first?.destroy();
  }

  async #closePieces(): Promise<void> {
    const pieces = this.#pieces;
    this.#pieces = null;
    await pieces?.return?.();
  }
}

async function* piecesOf(part: Part): AsyncGenerator<Order> {
  if (part.kind === 'rows') {
    for await (const rows of part.batches()) yield { kind: 'rows', rows };
    return;
  }
  const opened = await part.open();
  if ('path' in opened) throw new Error(`${part.name} was a stream at first, and is a file now`);
  yield* chunksOf(opened.stream);
}

async function* chunksOf(stream: Readable): AsyncGenerator<Order> {
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a part must be a stream of bytes');
    yield { kind: 'chunk', bytes: chunk };
  }
}
