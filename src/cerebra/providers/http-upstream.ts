import { CollectedReply } from './collected-reply.js';
import type { Credential } from './credentials/credential.js';
import type { CredentialSet } from './credentials/credential-set.js';
import { RotatingCall, type Sender } from './credentials/rotating-call.js';
import { OwnClient } from './own-client.js';
import { UndiciClient } from './undici-client.js';
import type { HttpClient } from './http-client.js';
import type { ListedModel, Upstream, UpstreamCall, UpstreamListener, UpstreamRequest } from './upstream.js';

export interface HttpUpstreamOptions {
  /** Such as `https://api.openai.com/v1`, without a slash at its end. */
  readonly baseUrl: string;
  readonly credentials: CredentialSet;
  /** Sent with every call in place of what a client says, flat: name, value, name, value; names in lower case. */
  readonly headers: readonly string[];
  readonly listing: ModelListing;
  /** Wait for the first byte and between two bytes. */
  readonly timeoutMs: number;
  readonly client: HttpClientName;
  /** A call was answered with this status, and is made again with another key. */
  readonly retried: (status: number) => void;
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

/** A provider's API over HTTP/1.1. */
export class HttpUpstream implements Upstream {
  readonly #client: HttpClient;
  readonly #credentials: CredentialSet;
  readonly #headers: readonly string[];
  /** Names of the headers that clients cannot set; null: there are none. */
  readonly #reserved: ReadonlySet<string> | null;
  readonly #root: string;
  readonly #listing: ModelListing;
  readonly #retried: (status: number) => void;

  constructor(options: HttpUpstreamOptions) {
    const { origin, pathname } = new URL(options.baseUrl);
    this.#root = pathname === '/' ? '' : pathname;
    this.#listing = options.listing;
    this.#credentials = options.credentials;
    this.#headers = [...options.headers, ...FIXED_HEADERS];
    this.#reserved = options.headers.length === 0 ? null : new Set(options.headers.filter((_, at) => at % 2 === 0));
    this.#retried = options.retried;
    this.#client = new clients[options.client]({ origin, timeoutMs: options.timeoutMs });
  }

  send(request: UpstreamRequest, listener: UpstreamListener): UpstreamCall {
    if (request.credential !== null) return this.#post(request, request.credential, null, listener);
    const { lone } = this.#credentials;
    if (lone !== null) return this.#post(request, lone.headers, lone, listener);
    return new RotatingCall(this.#credentials, this.#senderOf(request), listener);
  }

  async models(credential: readonly string[] | null): Promise<readonly ListedModel[]> {
    const own = credential === null ? this.#credentials.pick() : null;
    const headers = [...(credential ?? own?.headers ?? []), ...this.#headers, ...this.#listing.headers];
    const collected = new CollectedReply();
    const path = this.#root + this.#listing.path;
    const call = this.#client.send({ method: 'GET', path, headers, body: null, credential: own }, collected);
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

  get quiet(): boolean {
    return this.#client.quiet;
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #senderOf(request: UpstreamRequest): Sender {
    return {
      send: (credential, listener) => this.#post(request, credential.headers, credential, listener),
      retried: this.#retried,
    };
  }

  #post(
    { path, body, headers }: UpstreamRequest,
    key: readonly string[],
    credential: Credential | null,
    listener: UpstreamListener,
  ): UpstreamCall {
    const passed = this.#reserved === null ? headers : without(headers, this.#reserved);
    return this.#client.send(
      { method: 'POST', path: this.#root + path, headers: [...key, ...this.#headers, ...passed], body, credential },
      listener,
    );
  }
}

/** Both come two by two, and a header is dropped with its value. */
const without = (headers: readonly string[], names: ReadonlySet<string>): readonly string[] =>
  headers.filter((_, at) => !names.has(headers[at - (at % 2)] ?? ''));
