import { Pool, type Dispatcher } from 'undici';
import type { IncomingHttpHeaders } from 'node:http';
import type {
  ListedModel,
  Upstream,
  UpstreamCall,
  UpstreamFault,
  UpstreamListener,
  UpstreamRequest,
} from './upstream.js';

export interface HttpUpstreamOptions {
  /** Such as `https://api.openai.com/v1`, without a slash at its end. */
  readonly baseUrl: string;
  /** Sent with every call, flat: the provider's credential. */
  readonly headers: readonly string[];
  readonly listing: ModelListing;
  /** Wait for the first byte and between two bytes. */
  readonly timeoutMs: number;
}

/** How the provider is asked for its models. */
export interface ModelListing {
  readonly path: string;
  readonly headers: readonly string[];
  /** Throws for what is no list of models. */
  read(reply: unknown): readonly ListedModel[];
}

/** A connection that is not there after this time will not come. */
const CONNECT_TIMEOUT_MS = 10_000;
const MODELS_TIMEOUT_MS = 10_000;

/** Asked for so that the usage in a reply can be read; a provider that compresses all the same is passed through. */
const FIXED_HEADERS = ['content-type', 'application/json', 'accept-encoding', 'identity'] as const;

/** A provider's API over HTTP/1.1, on undici's `dispatch`: see docs/decisions/005. */
export class HttpUpstream implements Upstream {
  readonly #pool: Pool;
  readonly #headers: readonly string[];
  readonly #root: string;
  readonly #listing: ModelListing;

  constructor(options: HttpUpstreamOptions) {
    const { origin, pathname } = new URL(options.baseUrl);
    this.#root = pathname === '/' ? '' : pathname;
    this.#listing = options.listing;
    this.#headers = [...options.headers, ...FIXED_HEADERS];
    // As many connections as calls: a queue in front of the provider would only hide the wait.
    this.#pool = new Pool(origin, {
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
      connect: { timeout: Math.min(CONNECT_TIMEOUT_MS, options.timeoutMs) },
    });
  }

  send(request: UpstreamRequest, listener: UpstreamListener): UpstreamCall {
    const call = new HttpCall(listener);
    const headers = [...this.#headers, ...request.headers];
    this.#pool.dispatch({ method: 'POST', path: this.#root + request.path, headers, body: request.body }, call);
    return call;
  }

  async models(): Promise<readonly ListedModel[]> {
    const reply = await this.#pool.request({
      method: 'GET',
      path: this.#root + this.#listing.path,
      headers: [...this.#headers, ...this.#listing.headers],
      signal: AbortSignal.timeout(MODELS_TIMEOUT_MS),
    });
    return this.#listing.read(await reply.body.json());
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** Translates what undici says into what the gateway listens for. */
class HttpCall implements Dispatcher.DispatchHandler, UpstreamCall {
  #controller: Dispatcher.DispatchController | null = null;
  #aborted = false;

  constructor(private readonly listener: UpstreamListener) {}

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#aborted) controller.abort(new GivenUp());
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    const interim = status < 200;
    if (!interim && !this.#aborted) this.listener.head(status, headers);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#aborted) this.listener.bytes(chunk);
  }

  onResponseEnd(): void {
    if (!this.#aborted) this.listener.ended();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (!this.#aborted) this.listener.failed(this.#faultOf(error));
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  abort(): void {
    this.#aborted = true;
    this.#controller?.abort(new GivenUp());
  }

  #faultOf(error: Error): UpstreamFault {
    // Without a controller there was no connection, so the provider has seen nothing of the call.
    if (this.#controller === null) return 'unreachable';
    return error.name === 'HeadersTimeoutError' || error.name === 'BodyTimeoutError' ? 'timeout' : 'cut';
  }
}

class GivenUp extends Error {
  override readonly name = 'GivenUp';
}
