import type { UpstreamCall } from '../providers/upstream.js';
import { Http1Call, type ReplyListener } from './call.js';
import { Connection, type ConnectionOwner, type ConnectionTimeouts } from './connection.js';
import { Dialler } from './dialler.js';
import { requestHead, type Http1Request } from './request-head.pure.js';
import { Sweep } from './sweep.js';

export interface Http1PoolOptions {
  /** Such as `https://api.openai.com`. */
  readonly origin: string;
  /** Wait for the first byte and between two bytes. */
  readonly timeoutMs: number;
  readonly connectTimeoutMs?: number;
  /** How long a connection is kept without a call, where the provider does not tell. */
  readonly idleMs?: number;
  /** Certificate authorities instead of those that Node trusts, as PEM. */
  readonly ca?: string | Buffer;
  readonly maxConnections?: number;
}

/** A connection that is not there after this time will not come. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Under the 5 s after which Node and uvicorn, the shortest of the common servers, close; Cloudflare waits 400 s. */
const IDLE_MS = 4_000;
/** Beyond it, calls are refused: a process has only so many descriptors. */
const MAX_CONNECTIONS = 4_096;

/**
 * Calls to one origin over HTTP/1.1, each on a connection of its own: a queue in front of the provider would only hide
 * the wait. What is free is used again, the last first, so that few connections are hot and the rest may go.
 */
export class Http1Pool {
  readonly #owner: ConnectionOwner = {
    freed: (connection) => this.#freed(connection),
    closed: (connection) => this.#lost(connection),
  };
  readonly #dialler: Dialler;
  readonly #host: string;
  readonly #timeouts: ConnectionTimeouts;
  readonly #maxConnections: number;
  readonly #sweep: Sweep;
  /** No more than `maxConnections`. */
  readonly #all = new Set<Connection>();
  /** Of these: free, and listened to since their last reply. */
  readonly #idle: Connection[] = [];
  /** Of these: free since this turn of the event loop. */
  #resting: Connection[] = [];
  /** Calls for idle connections, no more than there are of them; sent in this turn. */
  #waiting: Http1Call[] = [];
  #turn: NodeJS.Immediate | null = null;
  readonly #empty = Promise.withResolvers<void>();
  #closed = false;

  constructor(options: Http1PoolOptions) {
    const origin = new URL(options.origin);
    this.#host = origin.host;
    this.#dialler = new Dialler(origin, options.ca);
    this.#timeouts = {
      connectMs: Math.min(options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS, options.timeoutMs),
      silenceMs: options.timeoutMs,
      idleMs: options.idleMs ?? IDLE_MS,
    };
    this.#maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
    const { connectMs, silenceMs, idleMs } = this.#timeouts;
    this.#sweep = new Sweep(Math.min(connectMs, silenceMs, idleMs), (nowMs) => {
      for (const connection of this.#all) connection.check(nowMs);
    });
  }

  /** Never throws; the listener may be told before this returns. */
  send(request: Http1Request, listener: ReplyListener): UpstreamCall {
    const head = requestHead(request, this.#host);
    const call = new Http1Call(head ?? '', request.body, request.method === 'HEAD', listener);
    if (head === null) call.fail('unreachable', 'malformed request');
    else if (!this.#closed && this.#idle.length > this.#waiting.length) this.#wait(call);
    else this.#open(call);
    return call;
  }

  /** Connections that are open or being opened. */
  get size(): number {
    return this.#all.size;
  }

  /** Breaks off what is still under way. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#turn !== null) clearImmediate(this.#turn);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const call of waiting) call.fail('unreachable', 'client closed');
    for (const connection of this.#all) connection.breakOff();
    if (this.#all.size > 0) await this.#empty.promise;
  }

  #open(call: Http1Call): void {
    if (this.#closed) return call.fail('unreachable', 'client closed');
    if (this.#all.size >= this.#maxConnections) return call.fail('unreachable', 'too many connections');
    this.#all.add(new Connection(this.#dialler, this.#timeouts, this.#owner, call));
    this.#sweep.start();
  }

  #freed(connection: Connection): void {
    this.#resting.push(connection);
    this.#turn ??= setImmediate(() => this.#endTurn());
  }

  #lost(connection: Connection): void {
    this.#all.delete(connection);
    const place = this.#idle.indexOf(connection);
    if (place !== -1) this.#idle.splice(place, 1);
    if (this.#all.size > 0) return;
    this.#sweep.stop();
    if (this.#closed) this.#empty.resolve();
  }

  #wait(call: Http1Call): void {
    this.#waiting.push(call);
    this.#turn ??= setImmediate(() => this.#endTurn());
  }

  /**
   * By now, what lay in the sockets at the turn's beginning has been heard: that a provider has closed an idle one, or
   * has sent what nobody asked for. So no call meets either, and a reply is followed by such a look before the next call.
   */
  #endTurn(): void {
    this.#turn = null;
    const waiting = this.#waiting;
    const resting = this.#resting;
    this.#waiting = [];
    this.#resting = [];
    const nowMs = performance.now();
    for (const call of waiting) if (!call.over) this.#place(call, nowMs);
    for (const connection of resting) {
      if (connection.usable(nowMs)) this.#idle.push(connection);
    }
  }

  #place(call: Http1Call, nowMs: number): void {
    const connection = this.#lastUsable(nowMs);
    // Once more, when the provider closed in this very moment; on a fresh connection, so that this happens once.
    if (connection === null || !connection.carry(call)) this.#open(call);
  }

  #lastUsable(nowMs: number): Connection | null {
    for (let last = this.#idle.pop(); last !== undefined; last = this.#idle.pop()) {
      if (last.usable(nowMs)) return last;
      last.destroy();
    }
    return null;
  }
}
