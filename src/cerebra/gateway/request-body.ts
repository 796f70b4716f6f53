import type { IncomingMessage } from 'node:http';
import type { Failure } from './failure.js';

const NOTHING = Buffer.alloc(0);

/**
 * Reads the body of a request that has just begun. Of a client that leaves meanwhile nothing more is heard.
 * @param limit in bytes; what is larger is not kept
 * @param done told once
 */
export function receiveBody(request: IncomingMessage, limit: number, done: (body: Buffer | Failure) => void): void {
  if (Number(request.headers['content-length']) > limit) return done({ kind: 'too_large', limit });
  const chunks: Buffer[] = [];
  let length = 0;
  let over = false;
  // What Node's parser hands the body to. By its events it would come through a queue, listeners and a later tick.
  request.push = (chunk: Buffer | null): boolean => {
    if (over) return true;
    if (chunk !== null) {
      length += chunk.length;
      chunks.push(chunk);
    }
    over = chunk === null || length > limit;
    if (over) done(chunk === null ? joined(chunks, length) : { kind: 'too_large', limit });
    return true;
  };
}

function joined(chunks: readonly Buffer[], length: number): Buffer {
  const [only = NOTHING] = chunks;
  return chunks.length <= 1 ? only : Buffer.concat(chunks, length);
}
