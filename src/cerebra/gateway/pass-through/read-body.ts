import type { Readable } from 'node:stream';
import type { Failure } from '../failure.js';

/** The whole body; a failure when it is larger than `limit`, and undefined when the client left meanwhile. */
export async function readBody(stream: Readable, limit: number): Promise<Buffer | Failure | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      if (!Buffer.isBuffer(chunk)) continue;
      length += chunk.length;
      if (length > limit) return { kind: 'too_large', limit };
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}
