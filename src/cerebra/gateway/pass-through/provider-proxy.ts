import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { createProxyMiddleware, type RequestHandler } from 'http-proxy-middleware';
import type { Credential } from '../../providers/credentials/credential.js';
import type { Address } from '../../providers/provider.js';
import { isPrivate } from '../request-headers.pure.js';

/** Who hears what became of a request. */
export interface ProxyListener {
  /** The provider's answer begins. */
  answered(status: number): void;
  /** The provider could not be reached, or broke off. */
  failed(error: Error): void;
}

/** Where a request goes on to. */
export interface Onward {
  /** Below the root of the provider's API, without the query. */
  readonly path: string;
  readonly query: string;
  /** The caller's own key, flat: name, value. Null: the provider's configured one is sent. */
  readonly credential: readonly string[] | null;
}

/** A request on its way. */
interface Passing {
  readonly listener: ProxyListener;
  /** The provider's key that it goes with; null: the caller's own. */
  readonly credential: Credential | null;
}

const MAX_FREE_SOCKETS = 16;

/** What a browser would hold against the gateway's own origin, and what another gateway says of itself. */
const UNWANTED: ReadonlySet<string> = new Set(['set-cookie', 'alt-svc', 'strict-transport-security']);

const isUnwanted = (name: string): boolean => UNWANTED.has(name) || name.startsWith('x-oco-');

/** The way to one provider for what has no operation: bytes through in both directions, as they come. */
export class ProviderProxy {
  readonly #agent: http.Agent;
  readonly #forward: RequestHandler;
  /** Each lives as long as its request. */
  readonly #passing = new WeakMap<IncomingMessage, Passing>();
  #running = 0;
  #retired = false;

  constructor(
    private readonly address: Address,
    timeoutMs: number,
  ) {
    const options = { keepAlive: true, maxFreeSockets: MAX_FREE_SOCKETS };
    this.#agent = address.origin.startsWith('https:') ? new https.Agent(options) : new http.Agent(options);
    this.#forward = createProxyMiddleware({
      target: address.origin,
      agent: this.#agent,
      changeOrigin: true,
      proxyTimeout: timeoutMs,
      on: {
        proxyRes: (reply, request) => {
          for (const name of Object.keys(reply.headers)) if (isUnwanted(name)) delete reply.headers[name];
          this.#answered(request, reply);
        },
        error: (error, request) => this.#passing.get(request)?.listener.failed(error),
      },
    });
  }

  async web(request: IncomingMessage, response: ServerResponse, to: Onward, listener: ProxyListener): Promise<void> {
    this.#running++;
    response.once('close', () => this.#ended());
    this.#prepare(request, to, listener);
    await this.#forward(request, response);
  }

  /** A WebSocket. */
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer, to: Onward, listener: ProxyListener): void {
    this.#prepare(request, to, listener);
    this.#forward.upgrade(request, socket, head);
  }

  /** No more requests will come: closes as soon as none is under way. WebSockets are on their own anyway. */
  retire(): void {
    this.#retired = true;
    if (this.#running === 0) this.close();
  }

  close(): void {
    this.#agent.destroy();
  }

  #ended(): void {
    this.#running--;
    if (this.#retired && this.#running === 0) this.close();
  }

  /** The body may have gone out already: what the key is refused, later calls try with another. */
  #answered(request: IncomingMessage, { statusCode = 0, headers }: IncomingMessage): void {
    const passing = this.#passing.get(request);
    const credential = passing?.credential ?? null;
    if (credential !== null) {
      credential.answered(statusCode);
      this.address.credentials.successorOf(credential, statusCode, headers, new Set([credential]));
    }
    passing?.listener.answered(statusCode);
  }

  #prepare(request: IncomingMessage, { path, query, credential: own }: Onward, listener: ProxyListener): void {
    const credential = own === null ? this.address.credentials.pick() : null;
    this.#passing.set(request, { listener, credential });
    request.url = this.address.root + path + query;
    for (const name of Object.keys(request.headers)) if (isPrivate(name)) delete request.headers[name];
    const headers = [...this.address.headers, ...(own ?? credential?.headers ?? [])];
    for (let at = 0; at + 1 < headers.length; at += 2) request.headers[headers[at] ?? ''] = headers[at + 1];
  }
}
