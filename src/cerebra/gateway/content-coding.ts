import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import {
  brotliDecompress,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
  gunzip,
  inflate,
  zstdDecompress,
} from 'node:zlib';
import type { Failure } from './failure.js';

interface Coding {
  readonly decode: (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;
  readonly stream: () => Transform;
}

const gzip: Coding = { decode: promisify(gunzip), stream: () => createGunzip() };

const codings: ReadonlyMap<string, Coding> = new Map<string, Coding>([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['deflate', { decode: promisify(inflate), stream: () => createInflate() }],
  ['br', { decode: promisify(brotliDecompress), stream: () => createBrotliDecompress() }],
  ['zstd', { decode: promisify(zstdDecompress), stream: () => createZstdDecompress() }],
]);

/** A body without a coding. */
export const isPlain = (coding: string | undefined): boolean => coding === undefined || coding === 'identity';

export const isReadable = (coding: string | undefined): boolean =>
  coding === undefined || isPlain(coding) || codings.has(coding.toLowerCase());

const isTooLarge = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';

/** Undoes a content coding, off the event loop; never makes more than `limit` bytes. */
export async function decodeBody(body: Buffer, coding: string, limit: number): Promise<Buffer | Failure> {
  const known = codings.get(coding.toLowerCase());
  if (known === undefined) return { kind: 'encoded_body', encoding: coding };
  try {
    return await known.decode(body, { maxOutputLength: limit });
  } catch (error) {
    if (isTooLarge(error)) return { kind: 'too_large', limit };
    return { kind: 'unreadable', message: `The body is not what content-encoding ${coding} says.`, param: null };
  }
}

/** What undoes a content coding piece by piece, off the event loop; null where the coding is not known. */
export const decoderOf = (coding: string): Transform | null => codings.get(coding.toLowerCase())?.stream() ?? null;
