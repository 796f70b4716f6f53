import type { RateClaim } from '../../limits/rate-limits.js';
import type { NanoUsd } from '../../pricing/money.js';
import type { Claim, Reservation } from '../budget-gate.js';
import type { BudgetWindow } from './operation.js';

/** What a call that runs here holds in the store. */
export class RedisHold implements Reservation {
  readonly callId: string;
  readonly rate: RateClaim | null;
  readonly holds: Reservation['holds'];
  place = -1;

  constructor(
    claim: Claim,
    readonly bound: NanoUsd,
    readonly windows: readonly BudgetWindow[],
    /** The life of the store that knows of it; empty: none. */
    public epoch: string,
  ) {
    this.callId = claim.callId;
    this.rate = claim.rate;
    this.holds = windows.map(({ budget, window }) => ({ budgetId: budget.id, windowStart: window.start }));
  }

  /** Nothing to tell the store of. */
  get isNothing(): boolean {
    return this.windows.length === 0 && this.rate === null;
  }
}
