import { ChunkedBody, type BodySink } from './chunked-body.js';
import type { Fields } from './fields.pure.js';
import { HeadBuffer } from './head-buffer.js';
import { MAX_INTERIM_REPLIES } from './limits.js';
import type { Refusal } from './refusal.js';
import { readHead, type ReplyHead } from './reply-head.pure.js';

/** Hears a reply as it is read. */
export interface ReplySink extends BodySink {
  head(status: number, fields: Fields): void;
}

type State = 'head' | 'sized body' | 'chunked body' | 'body until close' | 'whole' | 'refused';

/** Reads one reply after the other (RFC 9112) from bytes split anywhere. Bytes of a body are passed on uncopied. */
export class ReplyParser {
  readonly #heads = new HeadBuffer();
  readonly #chunks = new ChunkedBody();
  #state: State = 'whole';
  #refusal: Refusal | null = null;
  #bodyless = false;
  #interim = 0;
  /** Of a sized body, what is still to come. */
  #left = 0;
  #persistent = false;
  #idleMs: number | null = null;
  #overrun = false;

  constructor(private readonly sink: ReplySink) {}

  /** @param bodyless the reply to a HEAD: whatever it announces, no body follows */
  begin(bodyless: boolean): void {
    this.#heads.clear();
    this.#state = 'head';
    this.#refusal = null;
    this.#bodyless = bodyless;
    this.#interim = 0;
    this.#persistent = false;
    this.#idleMs = null;
    this.#overrun = false;
  }

  /** The reply has been read to its end. */
  get whole(): boolean {
    return this.#state === 'whole';
  }

  get refusal(): Refusal | null {
    return this.#refusal;
  }

  /** Whether the connection can carry another request: the provider says so, and nothing stands behind the reply. */
  get reusable(): boolean {
    return this.#state === 'whole' && this.#persistent && !this.#overrun;
  }

  /** How long the provider keeps the connection without a request. Null: it did not tell. */
  get idleMs(): number | null {
    return this.#idleMs;
  }

  push(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === 'whole') this.#overrun = true;
      const next = this.#step(bytes, at);
      if (typeof next === 'string') {
        this.#refuse(next);
        return;
      }
      at = next;
    }
  }

  /** The provider has closed its side. */
  finish(): void {
    if (this.#state === 'body until close') this.#state = 'whole';
    else if (this.#state !== 'whole' && this.#state !== 'refused') this.#refuse('ended too early');
  }

  #step(bytes: Buffer, at: number): number | Refusal {
    switch (this.#state) {
      case 'head':
        return this.#readHead(bytes, at);
      case 'sized body':
        return this.#readSized(bytes, at);
      case 'chunked body':
        return this.#readChunked(bytes, at);
      case 'body until close':
        this.sink.bytes(bytes.subarray(at));
        break;
      case 'whole':
      case 'refused':
        break;
    }
    return bytes.length;
  }

  #readHead(bytes: Buffer, at: number): number | Refusal {
    const next = this.#heads.push(bytes, at);
    if (typeof next === 'string') return next;
    const text = this.#heads.take();
    if (text === null) return next;
    const head = readHead(text);
    if (typeof head === 'string') return head;
    return this.#begun(head) ?? next;
  }

  #begun(head: ReplyHead): Refusal | null {
    const { status, length, chunked } = head;
    const none = status < 200 || status === 204 || status === 304;
    const announced = chunked || (length ?? 0) > 0;
    // To HEAD, any reply may tell the length that the one to GET would have.
    if (none && announced && (status < 200 || !this.#bodyless)) return 'body where none may be';
    if (status < 200) return this.#passOver(head);
    this.#idleMs = head.idleMs;
    this.#persistent = head.persistent && !this.#bodyless;
    this.#state = this.#bodyless || none || length === 0 ? 'whole' : this.#bodyOf(head);
    this.sink.head(status, head.fields);
    return null;
  }

  #bodyOf(head: ReplyHead): State {
    if (head.chunked) {
      this.#chunks.begin();
      return 'chunked body';
    }
    if (head.length !== null) {
      this.#left = head.length;
      return 'sized body';
    }
    this.#persistent = false;
    return 'body until close';
  }

  #passOver({ status, persistent }: ReplyHead): Refusal | null {
    // 100 answers an Expect and 101 an Upgrade: who sends one unasked answers another request than ours.
    // And behind one that closes, nothing can follow.
    if (status === 100 || status === 101 || !persistent) return 'interim reply out of place';
    this.#interim++;
    return this.#interim > MAX_INTERIM_REPLIES ? 'too many interim replies' : null;
  }

  #readSized(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#left);
    this.#left -= end - at;
    if (this.#left === 0) this.#state = 'whole';
    this.sink.bytes(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
    return end;
  }

  #readChunked(bytes: Buffer, at: number): number | Refusal {
    const next = this.#chunks.push(bytes, at, this.sink);
    if (this.#chunks.whole) this.#state = 'whole';
    return next;
  }

  #refuse(refusal: Refusal): void {
    this.#state = 'refused';
    this.#refusal = refusal;
  }
}
