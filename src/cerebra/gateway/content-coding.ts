import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';
import type { Failure } from './failure.js';

type Decode = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
  ['zstd', promisify(zstdDecompress)],
]);

/** A body without a coding. */
export const isPlain = (coding: string | undefined): boolean => coding === undefined || coding === 'identity';

export const isReadable = (coding: string | undefined): boolean =>
  coding === undefined || isPlain(coding) || decoders.has(coding.toLowerCase());

const isTooLarge = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';

/** Undoes a content coding, off the event loop; never makes more than `limit` bytes. */
export async function decodeBody(body: Buffer, coding: string, limit: number): Promise<Buffer | Failure> {
  const decode = decoders.get(coding.toLowerCase());
  if (decode === undefined) return { kind: 'encoded_body', encoding: coding };
  try {
    return await decode(body, { maxOutputLength: limit });
  } catch (error) {
    if (isTooLarge(error)) return { kind: 'too_large', limit };
    return { kind: 'unreadable', message: `The body is not what content-encoding ${coding} says.`, param: null };
  }
}
