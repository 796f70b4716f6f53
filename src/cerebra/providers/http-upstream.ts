import { OwnClient } from './own-client.js';
import { UndiciClient } from './undici-client.js';
import type { HttpClient } from './http-client.js';
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
  readonly client: HttpClientName;
}

/** How the provider is asked for its models. */
export interface ModelListing {
  readonly path: string;
  readonly headers: readonly string[];
  /** Throws for what is no list of models. */
  read(reply: unknown): readonly ListedModel[];
}

const MODELS_TIMEOUT_MS = 10_000;

/** Asked for so that the usage in a reply can be read; a provider that compresses all the same is passed through. */
const FIXED_HEADERS = ['content-type', 'application/json', 'accept-encoding', 'identity'] as const;

const clients = { own: OwnClient, undici: UndiciClient } as const;

/** Which HTTP/1.1 client carries the calls. */
export type HttpClientName = keyof typeof clients;

/** Of what a provider lists; more is no list of models. */
const LARGEST_LIST = 16 * 1024 ** 2;

/** A provider's API over HTTP/1.1. */
export class HttpUpstream implements Upstream {
  readonly #client: HttpClient;
  readonly #credential: readonly string[];
  readonly #root: string;
  readonly #listing: ModelListing;

  constructor(options: HttpUpstreamOptions) {
    const { origin, pathname } = new URL(options.baseUrl);
    this.#root = pathname === '/' ? '' : pathname;
    this.#listing = options.listing;
    this.#credential = options.headers;
    this.#client = new clients[options.client]({ origin, timeoutMs: options.timeoutMs });
  }

  send(request: UpstreamRequest, listener: UpstreamListener): UpstreamCall {
    const headers = [...(request.credential ?? this.#credential), ...FIXED_HEADERS, ...request.headers];
    return this.#client.send(
      { method: 'POST', path: this.#root + request.path, headers, body: request.body },
      listener,
    );
  }

  async models(credential: readonly string[] | null): Promise<readonly ListedModel[]> {
    const headers = [...(credential ?? this.#credential), ...FIXED_HEADERS, ...this.#listing.headers];
    const collected = new Collected();
    const request = { method: 'GET', path: this.#root + this.#listing.path, headers, body: null } as const;
    const call = this.#client.send(request, collected);
    const late = setTimeout(() => {
      call.abort();
      collected.failed('timeout');
    }, MODELS_TIMEOUT_MS);
    try {
      return this.#listing.read(JSON.parse(await collected.text));
    } finally {
      clearTimeout(late);
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

/** A small reply as a whole. */
class Collected implements UpstreamListener {
  readonly #whole = Promise.withResolvers<string>();
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  readonly text = this.#whole.promise;

  head(status: number): void {
    if (status !== 200) this.#whole.reject(new Error(`The provider answered with ${status}.`));
  }
  bytes(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= LARGEST_LIST) this.#chunks.push(chunk);
    else this.#whole.reject(new Error('The provider answered with too much.'));
  }
  ended(): void {
    this.#whole.resolve(Buffer.concat(this.#chunks).toString());
  }
  failed(fault: UpstreamFault): void {
    this.#whole.reject(new Error(`The provider could not be asked: ${fault}.`));
  }
}
