import { readFields } from './fields.pure.js';
import { LineBuffer } from './line-buffer.js';
import { MAX_CHUNK_LINE_BYTES, MAX_HEAD_BYTES } from './limits.js';
import type { Refusal } from './refusal.js';

const LF = 0x0a;
const CR = 0x0d;
const SEMICOLON = 0x3b;

/** 2^52: what comes in one chunk can be counted exactly. */
const MAX_SIZE_DIGITS = 13;

// RFC 9112, 7.1.1, without the optional white space, which nobody sends and parsers disagree about.
const EXTENSIONS =
  /^(?:;[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:=(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+|"(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e\x80-\xff])*"))?)+\r\n$/;

/** Fields that would change how the reply is read, when it has been read already. */
const FRAMING: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding']);

/** Where a body's bytes go, as they were read, without the framing around them. */
export interface BodySink {
  bytes(chunk: Buffer): void;
}

type State = 'size' | 'size LF' | 'extensions' | 'data' | 'data CR' | 'data LF' | 'trailer' | 'whole';

/** Reads a chunked body (RFC 9112, 7.1), split anywhere. */
export class ChunkedBody {
  readonly #lines = new LineBuffer();
  #state: State = 'size';
  #digits = 0;
  /** Of the chunk: while its size is read, that; then what of it is still to come. */
  #left = 0;
  #trailerBytes = 0;

  get whole(): boolean {
    return this.#state === 'whole';
  }

  begin(): void {
    this.#lines.clear();
    this.#trailerBytes = 0;
    this.#nextChunk();
  }

  /** @returns where it has read to, or why it reads no further */
  push(bytes: Buffer, start: number, sink: BodySink): number | Refusal {
    let at = start;
    while (at < bytes.length && this.#state !== 'whole') {
      const next = this.#step(bytes, at, sink);
      if (typeof next === 'string') return next;
      at = next;
    }
    return at;
  }

  #step(bytes: Buffer, at: number, sink: BodySink): number | Refusal {
    switch (this.#state) {
      case 'size':
        return this.#readSize(bytes, at);
      case 'size LF':
        return bytes[at] === LF ? this.#sizeRead(at + 1) : 'malformed chunk';
      case 'extensions':
        return this.#readExtensions(bytes, at);
      case 'data':
        return this.#readData(bytes, at, sink);
      case 'data CR':
        this.#state = 'data LF';
        return bytes[at] === CR ? at + 1 : 'malformed chunk';
      case 'data LF':
        this.#nextChunk();
        return bytes[at] === LF ? at + 1 : 'malformed chunk';
      case 'trailer':
        return this.#readTrailer(bytes, at);
      case 'whole':
        break;
    }
    return at;
  }

  #nextChunk(): void {
    this.#state = 'size';
    this.#digits = 0;
    this.#left = 0;
  }

  #readSize(bytes: Buffer, start: number): number | Refusal {
    for (let at = start; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      const digit = hexDigit(byte);
      if (digit === -1) return this.#endSize(byte, at);
      this.#digits++;
      if (this.#digits > MAX_SIZE_DIGITS) return 'chunk line too long';
      this.#left = this.#left * 16 + digit;
    }
    return bytes.length;
  }

  #endSize(byte: number, at: number): number | Refusal {
    if (this.#digits === 0) return 'malformed chunk';
    if (byte === CR) {
      this.#state = 'size LF';
      return at + 1;
    }
    if (byte !== SEMICOLON) return 'malformed chunk';
    this.#state = 'extensions';
    return at;
  }

  #readExtensions(bytes: Buffer, at: number): number | Refusal {
    const next = this.#lines.push(bytes, at, MAX_CHUNK_LINE_BYTES);
    if (next === null) return 'chunk line too long';
    const line = this.#lines.take();
    if (line === null) return next;
    return EXTENSIONS.test(line) ? this.#sizeRead(next) : 'malformed chunk';
  }

  #sizeRead(next: number): number {
    this.#state = this.#left === 0 ? 'trailer' : 'data';
    return next;
  }

  #readData(bytes: Buffer, at: number, sink: BodySink): number {
    const end = Math.min(bytes.length, at + this.#left);
    this.#left -= end - at;
    if (this.#left === 0) this.#state = 'data CR';
    sink.bytes(bytes.subarray(at, end));
    return end;
  }

  /** Nobody here needs trailers; they are read so that the next reply is found behind them. */
  #readTrailer(bytes: Buffer, at: number): number | Refusal {
    const next = this.#lines.push(bytes, at, MAX_HEAD_BYTES - this.#trailerBytes);
    if (next === null) return 'trailer too large';
    this.#trailerBytes += next - at;
    const line = this.#lines.take();
    if (line === null) return next;
    if (line === '\r\n') {
      this.#state = 'whole';
      return next;
    }
    const field = readFields(line, 0);
    if (typeof field === 'string') return 'malformed trailer';
    return FRAMING.has(field[0] ?? '') ? 'framing in a trailer' : next;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  // Upper and lower case differ in one bit.
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
