import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { createProxyMiddleware, type RequestHandler } from 'http-proxy-middleware';
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

const MAX_FREE_SOCKETS = 16;

/** What a browser would hold against the gateway's own origin, and what another gateway says of itself. */
const UNWANTED: ReadonlySet<string> = new Set(['set-cookie', 'alt-svc', 'strict-transport-security']);

const isUnwanted = (name: string): boolean => UNWANTED.has(name) || name.startsWith('x-oco-');

/** The way to one provider for what has no operation: bytes through in both directions, as they come. */
export class ProviderProxy {
  readonly #agent: http.Agent;
  readonly #forward: RequestHandler;
  /** Each lives as long as its request. */
  readonly #listeners = new WeakMap<IncomingMessage, ProxyListener>();

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
          this.#listeners.get(request)?.answered(reply.statusCode ?? 0);
        },
        error: (error, request) => this.#listeners.get(request)?.failed(error),
      },
    });
  }

  async web(request: IncomingMessage, response: ServerResponse, to: Onward, listener: ProxyListener): Promise<void> {
    this.#prepare(request, to, listener);
    await this.#forward(request, response);
  }

  /** A WebSocket. */
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer, to: Onward, listener: ProxyListener): void {
    this.#prepare(request, to, listener);
    this.#forward.upgrade(request, socket, head);
  }

  close(): void {
    this.#agent.destroy();
  }

  #prepare(request: IncomingMessage, { path, query, credential }: Onward, listener: ProxyListener): void {
    this.#listeners.set(request, listener);
    request.url = this.address.root + path + query;
    for (const name of Object.keys(request.headers)) if (isPrivate(name)) delete request.headers[name];
    const headers = credential ?? this.address.headers;
    for (let at = 0; at + 1 < headers.length; at += 2) request.headers[headers[at] ?? ''] = headers[at + 1];
  }
}
