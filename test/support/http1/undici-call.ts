import type { Dispatcher } from 'undici';
import type { Outcome } from './heard.js';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Keeps what undici says about a call, in the terms of our own client. */
export class UndiciCall implements Dispatcher.DispatchHandler {
  status = 0;
  fields: Record<string, string | string[]> = {};
  reason = '';
  readonly #chunks: Buffer[] = [];
  readonly #outcome = Promise.withResolvers<Outcome>();
  readonly outcome = this.#outcome.promise;
  #connected = false;

  get body(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  onRequestStart(): void {
    this.#connected = true;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return;
    this.status = status;
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) this.fields[name] = typeof value === 'string' ? trimmed(value) : value.map(trimmed);
    }
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(Buffer.from(chunk));
  }

  onResponseEnd(): void {
    this.#outcome.resolve('ended');
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.reason = error.message;
    this.#outcome.resolve(this.#faultOf(error));
  }

  #faultOf(error: Error): Outcome {
    if (!this.#connected) return 'unreachable';
    return error.name === 'HeadersTimeoutError' || error.name === 'BodyTimeoutError' ? 'timeout' : 'cut';
  }
}

/** White space around a value is no part of it (RFC 9110, 5.5); undici leaves what stands behind it. */
function trimmed(value: string): string {
  return value.replace(/^[ \t]+|[ \t]+$/g, '');
}
