import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../../platform/errors/app-error.js';
import { economistErrors } from '../../economist.errors.js';
import { asUtf8, peek } from './byte-order-mark.js';
import { HIGHEST_RATIO, RATIO_COUNTS_FROM, type ReadingLimits } from './limits.js';

const CHUNK_BYTES = 512 * 1024;

/** A file that can be read from its first byte as often as needed. */
export interface FileBytes {
  open(): AsyncIterable<Buffer>;
  /** Packed bytes that were read since the last `open`. */
  readonly read: number;
}

export const readLocalFile = (path: string): Readable => createReadStream(path, { highWaterMark: CHUNK_BYTES });

/** The file's own bytes: unpacked where they begin as gzip does, and in UTF-8 where they begin as UTF-16 does. */
export class UnpackedFile implements FileBytes {
  #read = 0;

  constructor(
    private readonly openPacked: () => AsyncIterable<Uint8Array>,
    private readonly limits: ReadingLimits,
  ) {}

  get read(): number {
    return this.#read;
  }

  async *open(): AsyncGenerator<Buffer> {
    this.#read = 0;
    const packed = await peek(this.#counted());
    const isGzip = packed.first[0] === 0x1f && packed.first[1] === 0x8b;
    yield* asUtf8(this.#bounded(isGzip ? gunzip(packed.all) : packed.all));
  }

  async *#counted(): AsyncGenerator<Buffer> {
    for await (const chunk of this.openPacked()) {
      this.#read += chunk.byteLength;
      yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    }
  }

  async *#bounded(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const { unpackedBytes } = this.limits;
    let unpacked = 0;
    for await (const chunk of bytes) {
      unpacked += chunk.length;
      if (unpacked > unpackedBytes) {
        const message = `Unpacked, the file is larger than ${unpackedBytes} bytes (ECONOMIST_MAX_FILE). Import it in parts.`;
        throw new AppError(economistErrors.fileOutOfBounds, message);
      }
      if (unpacked > RATIO_COUNTS_FROM && unpacked > this.#read * HIGHEST_RATIO) {
        const message = `The file unpacks to more than ${HIGHEST_RATIO} times its size, as no cost report does. Import it unpacked.`;
        throw new AppError(economistErrors.fileOutOfBounds, message);
      }
      yield chunk;
    }
  }
}

async function* gunzip(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unpacking = createGunzip({ chunkSize: CHUNK_BYTES });
  // What fails while packed bytes are read ends the unpacking too, and so shows in the loop below.
  const flow = pipeline(packed, unpacking, () => undefined);
  try {
    for await (const chunk of flow) yield asBuffer(chunk);
  } catch (error) {
    if (!isZlibError(error)) throw error;
    const message = 'The file is not whole: its gzip data breaks off or is damaged. Fetch it again.';
    throw new AppError(economistErrors.fileUnreadable, message, {}, { cause: error });
  }
}

function asBuffer(chunk: unknown): Buffer {
  if (Buffer.isBuffer(chunk)) return chunk;
  throw new TypeError('a stream of bytes was expected');
}

const isZlibError = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  typeof error.code === 'string' &&
  error.code.startsWith('Z_');
