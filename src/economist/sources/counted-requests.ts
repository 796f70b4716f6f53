import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../platform/errors/app-error.js';
import type { Clock, Instant } from '../../platform/time.js';
import { Amount } from '../charges/amount.js';
import { economistErrors } from '../economist.errors.js';
import type { ProviderRequests } from './cost-source.js';
import type { ProviderUsageRepository, Usage } from './provider-usage.repository.js';

export interface CountedRequestsOptions {
  readonly sourceId: string;
  /** In a UTC day; null: as many as it takes. */
  readonly dailyCap: number | null;
  readonly usage: ProviderUsageRepository;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told of each request. */
  readonly onRequest: () => void;
}

/** Counts what one run, or one test of a source, asks of the provider, and stores it in passing. */
export class CountedRequests implements ProviderRequests {
  private requests = 0;
  private cost = new Amount(0);
  private waited = 0;
  private unsaved = { requests: 0, cost: new Amount(0) };

  private constructor(
    private readonly options: CountedRequestsOptions,
    /** The day that is counted for the cap, and what was asked on it. */
    private today: { day: number; requests: number },
  ) {}

  static async open(options: CountedRequestsOptions): Promise<CountedRequests> {
    const now = options.clock.now();
    return new CountedRequests(options, {
      day: dayOf(now),
      requests: await options.usage.requestsOn(options.sourceId, now),
    });
  }

  count(usd = '0'): void {
    this.options.signal.throwIfAborted();
    const day = dayOf(this.options.clock.now());
    if (day !== this.today.day) this.today = { day, requests: 0 };
    const { dailyCap } = this.options;
    if (dailyCap !== null && this.today.requests >= dailyCap) throw capReached(dailyCap);
    this.today.requests += 1;
    this.requests += 1;
    this.unsaved.requests += 1;
    this.cost = this.cost.plus(usd);
    this.unsaved.cost = this.unsaved.cost.plus(usd);
    this.options.onRequest();
  }

  async wait(milliseconds: number): Promise<void> {
    const began = performance.now();
    try {
      await sleep(milliseconds, undefined, { signal: this.options.signal });
    } finally {
      this.waited += Math.round(performance.now() - began);
    }
  }

  /** All that was asked here. */
  get total(): Usage & { readonly waitedMs: number } {
    return { requests: this.requests, costUsd: this.cost.toFixed(), waitedMs: this.waited };
  }

  /** Adds what is new since the last time to the day's usage of the source. */
  async save(): Promise<void> {
    const { requests, cost } = this.unsaved;
    if (requests === 0) return;
    this.unsaved = { requests: 0, cost: new Amount(0) };
    const { usage, sourceId, clock } = this.options;
    try {
      await usage.add(sourceId, clock.now(), { requests, costUsd: cost.toFixed() });
    } catch (error) {
      this.unsaved = { requests: this.unsaved.requests + requests, cost: this.unsaved.cost.plus(cost) };
      throw error;
    }
  }
}

const dayOf = (time: Instant): number => Math.floor(time / 86_400_000);

const capReached = (cap: number): AppError =>
  new AppError(
    economistErrors.requestCapReached,
    `The source has sent the ${cap} requests that it may send in a day (daily_request_cap). Raise it, or wait until midnight UTC.`,
  );
