const NOTHING = Buffer.alloc(0);

export interface Peeked {
  /** Empty where the file is. */
  readonly first: Buffer;
  /** From the first byte on. */
  readonly all: AsyncIterable<Buffer>;
}

/** Looks at the beginning, four bytes at least where there are so many, without taking it away. */
export async function peek(bytes: AsyncIterable<Buffer>): Promise<Peeked> {
  const rest = bytes[Symbol.asyncIterator]();
  let first: Buffer = NOTHING;
  let isOver = false;
  while (first.length < 4 && !isOver) {
    const next = await rest.next();
    if (next.done === true) isOver = true;
    else first = first.length === 0 ? next.value : Buffer.concat([first, next.value]);
  }
  return { first, all: again(first, rest) };
}

async function* again(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first;
    for (;;) {
      const next = await rest.next();
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}

/** Drops a byte-order mark; what it says to be UTF-16 becomes UTF-8. */
export async function* asUtf8(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { first, all } = await peek(bytes);
  if (first[0] === 0xff && first[1] === 0xfe) yield* decoded(all, 'utf-16le');
  else if (first[0] === 0xfe && first[1] === 0xff) yield* decoded(all, 'utf-16be');
  else yield* first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf ? without(3, all) : all;
}

async function* decoded(bytes: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of bytes) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

async function* without(count: number, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of bytes) {
    yield chunk.subarray(left);
    left = 0;
  }
}
