import type { Clock, Instant } from '../../platform/time.js';
import { AppError } from '../../platform/errors/app-error.js';
import { platformErrors } from '../../platform/errors/platform.errors.js';
import { nanoUsd, type NanoUsd } from '../pricing/money.js';
import {
  BudgetGate,
  LEASE_MS,
  SWEEP_MS,
  type Admission,
  type Budget,
  type BudgetState,
  type Reservation,
} from './budget-gate.js';
import { CurrentWindows } from './current-windows.js';
import type { GateCounts } from './gate-counts.js';
import type { Spending } from './spending.js';
import { WindowCounters, type Counter } from './window-counters.js';

/** Of those that the sweeper charged, so many can still be corrected; the oldest stay at their bound. */
const SWEPT_MAX = 10_000;

interface Held {
  readonly bound: NanoUsd;
  readonly counters: readonly Counter[];
  expiresAt: number;
}

/** The gate of a lone process: one synchronous step, so no other call can come between check and hold. */
export class MemoryBudgetGate extends BudgetGate {
  private readonly counters: WindowCounters;
  /** As many as calls are running. */
  private readonly held = new Map<string, Held>();
  private readonly swept = new Map<string, Held>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly clock: Clock,
    spending: Spending,
    private readonly counts: GateCounts,
    private readonly isKnown: (budgetId: string) => boolean,
  ) {
    super();
    this.counters = new WindowCounters(clock, new CurrentWindows(clock), spending);
    this.timer = setInterval(() => this.sweep(), SWEEP_MS);
    this.timer.unref();
  }

  override reserve(callId: string, budgets: readonly Budget[], bound: NanoUsd): Admission | Promise<Admission> {
    const counters: Counter[] = [];
    for (const budget of budgets) {
      const counter = this.counters.find(budget);
      if (!counter) return this.seedAndReserve(callId, budgets, bound);
      counters.push(counter);
    }
    return this.admit(callId, budgets, counters, bound);
  }

  override settle(reservation: Reservation, cost: NanoUsd): void {
    const held = this.held.get(reservation.callId);
    if (held) {
      this.held.delete(reservation.callId);
      if (cost > held.bound) this.counts.overshoots += 1;
      charge(held, cost);
      return;
    }
    const swept = this.swept.get(reservation.callId);
    if (!swept) return;
    this.swept.delete(reservation.callId);
    for (const counter of swept.counters) counter.settled += cost - swept.bound;
  }

  override renew(reservations: readonly Reservation[]): void {
    const expiresAt = this.clock.now() + LEASE_MS;
    for (const { callId } of reservations) {
      const held = this.held.get(callId);
      if (held) held.expiresAt = expiresAt;
    }
  }

  override async state(budget: Budget): Promise<BudgetState> {
    const counter = this.counters.find(budget) ?? (await this.counters.seed(budget));
    if (counter) return counter.state();
    throw new AppError(platformErrors.unavailable, 'What budgets have spent cannot be read now; try again shortly.');
  }

  override stop(): Promise<void> {
    clearInterval(this.timer);
    return Promise.resolve();
  }

  /** Settles at their bound the reservations that gave no sign of life. */
  sweep(): void {
    const now = this.clock.now();
    for (const [callId, held] of this.held) {
      if (held.expiresAt > now) continue;
      this.held.delete(callId);
      this.counts.lost += 1;
      charge(held, held.bound);
      this.swept.set(callId, held);
    }
    for (const callId of this.swept.keys()) {
      if (this.swept.size <= SWEPT_MAX) break;
      this.swept.delete(callId);
    }
    this.counters.sweep(now, this.isKnown);
  }

  private async seedAndReserve(callId: string, budgets: readonly Budget[], bound: NanoUsd): Promise<Admission> {
    const counted: Budget[] = [];
    const counters: Counter[] = [];
    for (const budget of budgets) {
      const counter = this.counters.find(budget) ?? (await this.counters.seed(budget));
      if (counter) {
        counted.push(budget);
        counters.push(counter);
      } else if (budget.hard && budget.onStoreFailure === 'closed') {
        return { kind: 'unavailable', by: budget };
      }
    }
    return this.admit(callId, counted, counters, bound);
  }

  private admit(callId: string, budgets: readonly Budget[], counters: readonly Counter[], bound: NanoUsd): Admission {
    let remaining: number | null = null;
    for (const [index, counter] of counters.entries()) {
      const budget = budgets[index];
      if (!budget?.hard) continue;
      const left = budget.limit - counter.settled - counter.reserved - bound;
      if (!(left >= 0)) {
        this.counts.refusals[budget.scope] += 1;
        return { kind: 'refused', by: budget, state: counter.state() };
      }
      remaining = remaining === null ? left : Math.min(remaining, left);
    }
    for (const counter of counters) counter.reserved += bound;
    const expiresAt = this.clock.now() + LEASE_MS;
    this.held.set(callId, { bound, counters, expiresAt });
    return {
      kind: 'admitted',
      reservation: { callId, bound, holds: counters.map(holdOf) },
      remaining: remaining === null ? null : nanoUsd(remaining),
    };
  }
}

function charge(held: Held, cost: NanoUsd): void {
  for (const counter of held.counters) {
    counter.reserved -= held.bound;
    counter.settled += cost;
  }
}

const holdOf = (counter: Counter): { budgetId: string; windowStart: Instant } => ({
  budgetId: counter.budgetId,
  windowStart: counter.window.start,
});
