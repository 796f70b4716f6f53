import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Delivery, Part } from '../../sources/cost-source.js';

/** Raised when the same bytes would be read as other rows, so that what was read before is read again. */
const READER = 1;

const CHUNK_BYTES = 1024 ** 2;

/**
 * Tells whether a delivery would bring what it brought before: by what the source says of it, or by the bytes of its
 * files where it says nothing, and by the shape in which they are read.
 * @returns null where only reading it can tell
 */
export async function fingerprintOf(delivery: Delivery, signal: AbortSignal): Promise<Buffer | null> {
  const content = delivery.fingerprint ?? (await contentDigest(delivery.parts, signal));
  if (content === null) return null;
  const shapes = delivery.parts.map((part) => (part.kind === 'file' ? part.shape : null));
  return createHash('sha256')
    .update(JSON.stringify([READER, content, delivery.wholeMonths, shapes]))
    .digest();
}

async function contentDigest(parts: readonly Part[], signal: AbortSignal): Promise<string | null> {
  const hash = createHash('sha256');
  for (const part of parts) {
    if (part.kind !== 'file') return null;
    const opened = await part.open();
    if ('stream' in opened) {
      opened.stream.destroy();
      return null;
    }
    const ofPart = createHash('sha256');
    await pipeline(createReadStream(opened.path, { highWaterMark: CHUNK_BYTES }), ofPart, { signal });
    hash.update(ofPart.digest());
  }
  return hash.digest('hex');
}
