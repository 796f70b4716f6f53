import { Pool, type Dispatcher } from 'undici';
import type { IncomingHttpHeaders } from 'node:http';
import type { AnsweredCredential, HttpClient, HttpCallRequest, HttpClientOptions } from './http-client.js';
import type { UpstreamCall, UpstreamFault, UpstreamListener } from './upstream.js';

/** A connection that is not there after this time will not come. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Those above are invalid (RFC 9110, 15). */
const LAST_STATUS = 599;

/** undici's `dispatch`: `CEREBRA_UPSTREAM_CLIENT=undici`, see docs/decisions/005. */
export class UndiciClient implements HttpClient {
  readonly #pool: Pool;

  constructor({ origin, timeoutMs }: HttpClientOptions) {
    // As many connections as calls: a queue in front of the provider would only hide the wait.
    this.#pool = new Pool(origin, {
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: Math.min(CONNECT_TIMEOUT_MS, timeoutMs) },
    });
  }

  send(request: HttpCallRequest, listener: UpstreamListener): UpstreamCall {
    const { method, path, body, credential } = request;
    const call = new UndiciCall(listener, credential);
    this.#pool.dispatch({ method, path, headers: [...request.headers], body }, call);
    return call;
  }

  get quiet(): boolean {
    const { connected, pending, running } = this.#pool.stats;
    return connected + pending + running === 0;
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** Translates what undici says into what the gateway listens for. */
class UndiciCall implements Dispatcher.DispatchHandler, UpstreamCall {
  #controller: Dispatcher.DispatchController | null = null;
  #aborted = false;

  constructor(
    private readonly listener: UpstreamListener,
    private readonly credential: AnsweredCredential | null,
  ) {}

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#aborted) controller.abort(new GivenUp());
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    const interim = status < 200;
    if (interim || this.#aborted) return;
    // The listener then hears that the call was cut.
    if (status > LAST_STATUS) return controller.abort(new GivenUp());
    this.credential?.answered(status);
    this.listener.head(status, headers);
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
