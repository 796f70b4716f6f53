import type { Provider } from './provider.js';

const LOOK_MS = 1_000;
/** Each may hold connections; beyond it the oldest is broken off. */
const MOST = 1_000;

/**
 * Providers that were changed or removed, until the calls that run on them are over: then their connections close.
 * One is kept for a while in any case, since calls that wait for their budgets have been promised it.
 */
export class RetiredProviders {
  /** When each may go, in milliseconds of the monotonic clock. */
  readonly #waiting = new Map<Provider, number>();
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly keptMs: number) {}

  add(provider: Provider): void {
    this.#waiting.set(provider, performance.now() + this.keptMs);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > MOST && oldest !== undefined) void this.#close(oldest);
    this.#timer ??= setInterval(() => this.#look(performance.now()), LOOK_MS).unref();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#waiting.keys()].map((provider) => this.#close(provider)));
  }

  #look(nowMs: number): void {
    for (const [provider, notBefore] of this.#waiting) {
      if (provider.upstream.quiet && nowMs >= notBefore) void this.#close(provider);
    }
  }

  #close(provider: Provider): Promise<void> {
    this.#waiting.delete(provider);
    if (this.#waiting.size === 0 && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
    return provider.upstream.close();
  }
}
