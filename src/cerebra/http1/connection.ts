import type { Socket } from 'node:net';
import type { UpstreamFault } from '../providers/upstream.js';
import type { Carrier, Http1Call } from './call.js';
import type { Dialler } from './dialler.js';
import type { Fields } from './fields.pure.js';
import { ReplyParser, type ReplySink } from './reply-parser.js';

export interface ConnectionTimeouts {
  /** To look the name up, connect and shake hands. */
  readonly connectMs: number;
  /** Without a byte of the reply, while one is awaited or read. */
  readonly silenceMs: number;
  /** Without a call, where the provider does not tell how long it waits. */
  readonly idleMs: number;
}

/** Who is told what becomes of a connection. */
export interface ConnectionOwner {
  /** Its reply ended cleanly: it can carry another call. */
  freed(connection: Connection): void;
  closed(connection: Connection): void;
}

/** Closed this long before the provider said it would close: the last request must be there in time. */
const IDLE_MARGIN_MS = 1_000;
/** However long the provider waits: what stands in between forgets connections, and names get new addresses. */
const MAX_IDLE_MS = 60_000;

/** Smaller bodies are cheaper written in one text with their head than beside it. */
const LARGEST_JOINED = 16 * 1024;

type Stage = 'opening' | 'busy' | 'idle' | 'closed';

/** One socket and the calls that it carries, one after the other. Whatever ends oddly, ends the socket with it. */
export class Connection implements ReplySink, Carrier {
  readonly #socket: Socket;
  readonly #parser = new ReplyParser(this);
  #stage: Stage = 'opening';
  #call: Http1Call | null;
  #written = false;
  /** When the stage began or, while busy, a byte was last heard. */
  #sinceMs = performance.now();
  #idleMs: number;

  constructor(
    dialler: Dialler,
    private readonly timeouts: ConnectionTimeouts,
    private readonly owner: ConnectionOwner,
    first: Http1Call,
  ) {
    this.#idleMs = timeouts.idleMs;
    this.#call = first;
    first.carriedBy(this);
    this.#socket = dialler.open(
      () => this.#opened(),
      (bytes) => this.#heard(bytes),
    );
    this.#socket.on('end', () => this.#closedByProvider());
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#broke(error.code ?? error.name));
    this.#socket.on('close', () => this.#gone());
  }

  /** Open, free, and within the time that the provider keeps it without a call. */
  usable(nowMs: number): boolean {
    return this.#stage === 'idle' && this.#socket.writable && nowMs - this.#sinceMs < this.#idleMs;
  }

  /** @returns false when not one byte can have reached the provider: then the connection is over, and the call is not */
  carry(call: Http1Call): boolean {
    this.#call = call;
    call.carriedBy(this);
    this.#enter('busy');
    this.#parser.begin(call.bodyless);
    this.#write(call);
    // It is there so soon only if the system took no byte at all; with any later failure, some may have gone.
    if (this.#socket.errored === null) {
      this.#written = true;
      return true;
    }
    this.#call = null;
    this.destroy();
    return false;
  }

  head(status: number, fields: Fields): void {
    this.#call?.listener.head(status, fields);
  }

  bytes(chunk: Buffer): void {
    // Not the rest of what was read, after the call was given up. A copy: the next read lands in the same place.
    if (this.#call?.over === false) this.#call.listener.bytes(Buffer.from(chunk));
  }

  /** Before the call is sent there is nothing to hold back, and a handshake must not stop. */
  pause(): void {
    if (this.#stage === 'busy') this.#socket.pause();
  }

  resume(): void {
    if (this.#stage !== 'busy') return;
    this.#sinceMs = performance.now();
    this.#socket.resume();
  }

  /** Ends what has taken too long. */
  check(nowMs: number): void {
    const tookMs = nowMs - this.#sinceMs;
    switch (this.#stage) {
      case 'opening':
        if (tookMs >= this.timeouts.connectMs) this.#fail('unreachable', 'connect time-out');
        return;
      case 'busy':
        if (tookMs >= this.timeouts.silenceMs && this.#call?.paused === false) this.#fail('timeout', 'silence');
        return;
      case 'idle':
        if (tookMs >= this.#idleMs) this.destroy();
        return;
      case 'closed':
    }
  }

  destroy(): void {
    this.#stage = 'closed';
    this.#socket.destroy();
  }

  /** Ends it and the call that it carries. */
  breakOff(): void {
    this.#broke('client closed');
  }

  #opened(): void {
    const call = this.#call;
    if (this.#stage !== 'opening' || call === null) return;
    if (!this.carry(call)) call.fail('unreachable', 'closed before the first byte');
  }

  #write(call: Http1Call): void {
    const { head, body } = call;
    // One system call for both.
    if (body === null || body.length <= LARGEST_JOINED) {
      this.#socket.write(body === null ? head : head + body.toString('latin1'), 'latin1');
    } else {
      this.#socket.cork();
      this.#socket.write(head, 'latin1');
      this.#socket.write(body);
      this.#socket.uncork();
    }
    if (call.paused) this.#socket.pause();
  }

  #heard(bytes: Buffer): void {
    // Bytes that nobody asked for would be taken for the reply to the next call.
    if (this.#stage !== 'busy') return this.destroy();
    this.#sinceMs = performance.now();
    this.#parser.push(bytes);
    this.#settle();
  }

  #closedByProvider(): void {
    this.#parser.finish();
    this.#settle();
    this.#broke('closed by the provider');
  }

  #gone(): void {
    this.#broke('closed');
    this.owner.closed(this);
  }

  #settle(): void {
    if (this.#stage !== 'busy') return;
    if (this.#parser.refusal !== null) this.#fail('cut', this.#parser.refusal);
    else if (this.#parser.whole) this.#end();
  }

  #end(): void {
    const call = this.#call;
    this.#call = null;
    // A reply that came before its request was out: the rest of the request would be read as the next one.
    if (this.#parser.reusable && this.#socket.writableLength === 0) this.#free();
    else this.destroy();
    call?.end();
  }

  #free(): void {
    const told = this.#parser.idleMs;
    this.#idleMs = told === null ? this.timeouts.idleMs : Math.min(told - IDLE_MARGIN_MS, MAX_IDLE_MS);
    if (this.#idleMs <= 0) return this.destroy();
    this.#enter('idle');
    // Paused, it would not hear that the provider closes.
    this.#socket.resume();
    this.owner.freed(this);
  }

  #broke(reason: string): void {
    this.#fail(this.#written ? 'cut' : 'unreachable', reason);
  }

  #fail(fault: UpstreamFault, reason: string): void {
    const call = this.#call;
    this.#call = null;
    this.destroy();
    call?.fail(fault, reason);
  }

  #enter(stage: Stage): void {
    this.#stage = stage;
    this.#sinceMs = performance.now();
  }
}
