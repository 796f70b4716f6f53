import type { IncomingHttpHeaders } from 'node:http';
import type { UpstreamCall, UpstreamFault, UpstreamListener } from '../upstream.js';
import type { Credential } from './credential.js';
import type { CredentialSet } from './credential-set.js';

/** How a call is made again with another key. */
export interface Sender {
  send(credential: Credential, listener: UpstreamListener): UpstreamCall;
  /** A call was refused for its key, and is made with another. */
  retried(status: number): void;
}

/**
 * A call to a provider with several keys: what one is refused, the next one tries, each at most once. A refusal has
 * billed nothing, and the client hears of the last answer only.
 */
export class RotatingCall implements UpstreamListener, UpstreamCall {
  readonly #tried = new Set<Credential>();
  #credential: Credential;
  #attempt: UpstreamCall | null = null;

  constructor(
    private readonly credentials: CredentialSet,
    private readonly sender: Sender,
    private readonly listener: UpstreamListener,
  ) {
    this.#credential = credentials.pick();
    this.#send();
  }

  get abandoned(): boolean {
    return this.listener.abandoned;
  }

  head(status: number, headers: IncomingHttpHeaders): void {
    const next = this.abandoned ? null : this.credentials.successorOf(this.#credential, status, headers, this.#tried);
    if (next === null) return this.listener.head(status, headers);
    this.#attempt?.abort();
    this.sender.retried(status);
    this.#credential = next;
    this.#send();
  }

  bytes(chunk: Buffer): void {
    this.listener.bytes(chunk);
  }

  ended(): void {
    this.listener.ended();
  }

  failed(fault: UpstreamFault): void {
    this.listener.failed(fault);
  }

  pause(): void {
    this.#attempt?.pause();
  }

  resume(): void {
    this.#attempt?.resume();
  }

  abort(): void {
    this.#attempt?.abort();
  }

  #send(): void {
    this.#tried.add(this.#credential);
    this.#attempt = this.sender.send(this.#credential, this);
  }
}
