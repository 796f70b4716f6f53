import type { IncomingHttpHeaders } from 'node:http';

/** A call as it leaves for a provider. */
export interface UpstreamRequest {
  /** Below the root of the provider's API, with the query. */
  readonly path: string;
  readonly body: Buffer;
  /** The client's headers that a provider may see, flat: name, value, name, value. */
  readonly headers: readonly string[];
  /** The caller's own key for the provider, flat: name, value. Null: the provider's configured one is sent. */
  readonly credential: readonly string[] | null;
}

/**
 * What became of a call that brought no whole reply: `unreachable` and not one byte of it was sent,
 * `cut` while it was under way, `timeout` when the provider stayed silent for too long.
 */
export type UpstreamFault = 'unreachable' | 'cut' | 'timeout';

/** Hears a reply as it arrives. The last thing it hears is one of `ended` and `failed`, once. */
export interface UpstreamListener {
  /** Nobody waits for the reply any more: it is heard out, but the call is not made again. */
  readonly abandoned: boolean;
  head(status: number, headers: IncomingHttpHeaders): void;
  bytes(chunk: Buffer): void;
  ended(): void;
  failed(fault: UpstreamFault): void;
}

/** The hold on a call under way. */
export interface UpstreamCall {
  /** Backpressure: the client reads more slowly than the provider writes. */
  pause(): void;
  resume(): void;
  /** Gives the call up. Nothing is heard of it any more. */
  abort(): void;
}

/** Where calls go: a provider's API over HTTP, or a model in this process. */
export interface Upstream {
  /** Never throws; the listener may be told before this returns. */
  send(request: UpstreamRequest, listener: UpstreamListener): UpstreamCall;
  /**
   * Rejects when the provider cannot be asked.
   * @param credential as in a call
   */
  models(credential: readonly string[] | null): Promise<readonly ListedModel[]>;
  /** No connection is open, so that nobody is missed when it closes. */
  readonly quiet: boolean;
  close(): Promise<void>;
}

/** A model as its provider lists it. */
export interface ListedModel {
  readonly id: string;
  /** The whole entry, in the shape of the provider's API. */
  readonly entry: object;
}
