import type { Instant } from '../../platform/time.js';
import type { RateClaim } from '../limits/rate-limits.js';
import type { NanoUsd } from '../pricing/money.js';
import type { Budget, Claim, Reservation } from './budget-gate.js';
import type { Counter } from './window-counters.js';

/** What a running call holds in this process: its reservation, and where that was taken from. */
export class MemoryHold implements Reservation {
  readonly callId: string;
  readonly rate: RateClaim | null;
  /** As they were when the call began. */
  readonly budgets: readonly Budget[];
  readonly holds: Reservation['holds'];
  place = -1;

  constructor(
    claim: Claim,
    readonly bound: NanoUsd,
    /** Of the budgets, and of those that took their place since. */
    readonly counters: Counter[],
    readonly since: Instant,
    public expiresAt: number,
  ) {
    this.callId = claim.callId;
    this.rate = claim.rate;
    this.budgets = claim.budgets;
    this.holds = counters.map(({ budgetId, window }) => ({ budgetId, windowStart: window.start }));
  }
}
