import { setTimeout } from 'node:timers/promises';
import type { Clock, Instant } from '../../platform/time.js';
import type { NanoUsd } from '../pricing/money.js';
import type { Budget } from './budget-gate.js';

/** What the ledger knows to have been spent on a budget's entity since an instant. */
export type ReadSpent = (budget: Budget, since: Instant) => Promise<NanoUsd>;

/** Calls wait for the answer, so it may not take long. */
const READ_MS = 2_000;
/** After a failure the ledger is not asked again for so long, so that calls do not queue behind its time-outs. */
const REST_MS = 1_000;

/** Reads the ledger for counters that begin in the middle of a window: once for all calls that wait for the same one. */
export class Spending {
  private readonly running = new Map<string, Promise<NanoUsd | null>>();
  private restsUntil = 0;

  constructor(
    private readonly read: ReadSpent,
    private readonly clock: Clock,
    private readonly failed: (error: unknown) => void,
    private readonly withinMs = READ_MS,
  ) {}

  /** @returns null while the ledger cannot be read */
  since(budget: Budget, start: Instant): Promise<NanoUsd | null> {
    const key = `${budget.id}:${start}`;
    const running = this.running.get(key);
    if (running) return running;
    if (this.clock.now() < this.restsUntil) return Promise.resolve(null);
    const reading = this.tryRead(budget, start).finally(() => this.running.delete(key));
    this.running.set(key, reading);
    return reading;
  }

  private async tryRead(budget: Budget, start: Instant): Promise<NanoUsd | null> {
    try {
      return await inTime(this.read(budget, start), this.withinMs);
    } catch (error) {
      this.restsUntil = this.clock.now() + REST_MS;
      this.failed(error);
      return null;
    }
  }
}

async function inTime<T>(reading: Promise<T>, withinMs: number): Promise<T> {
  const timer = new AbortController();
  const late = setTimeout(withinMs, undefined, { signal: timer.signal, ref: false }).then(() => {
    throw new Error(`The ledger did not say within ${withinMs} ms what was spent.`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([reading, late]);
  } finally {
    timer.abort();
  }
}
