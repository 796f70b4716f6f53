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
  type Claim,
  type Reservation,
} from './budget-gate.js';
import { MemoryLimits } from '../limits/memory-limits.js';
import type { RateClaim } from '../limits/rate-limits.js';
import { CurrentWindows } from './current-windows.js';
import type { GateCounts } from './gate-counts.js';
import { grantOf } from './grant.pure.js';
import type { Spending } from './spending.js';
import { WaitingRoom, type Asking, type Attempt } from './waiting/waiting-room.js';
import { WindowCounters, type Counter } from './window-counters.js';

/** Of those that the sweeper charged, so many can still be corrected; the oldest stay at their bound. */
const SWEPT_MAX = 10_000;

/** Asking costs nothing here. */
const POLL_MS = 25;

interface Held {
  readonly bound: NanoUsd;
  readonly since: Instant;
  /** As they were when the call began. */
  readonly budgets: readonly Budget[];
  /** Of these, and of those that took their place since. */
  readonly counters: Counter[];
  readonly rate: RateClaim | null;
  expiresAt: number;
}

/** The gate of a lone process: one synchronous step, so no other call can come between check and hold. */
export class MemoryBudgetGate extends BudgetGate {
  private readonly counters: WindowCounters;
  private readonly limits: MemoryLimits;
  private readonly room: WaitingRoom;
  /** As many as calls are running. */
  private readonly held = new Map<string, Held>();
  private readonly swept = new Map<string, Held>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly clock: Clock,
    spending: Spending,
    private readonly counts: GateCounts,
    private readonly isKnown: (budgetId: string) => boolean,
    waitMs: number,
  ) {
    super();
    this.counters = new WindowCounters(clock, new CurrentWindows(clock), spending, (budget, counter) =>
      this.join(budget, counter),
    );
    this.limits = new MemoryLimits(clock);
    this.room = new WaitingRoom((claim, asking) => this.ask(claim, asking), { waitMs, pollMs: POLL_MS });
    counts.waiting = () => this.room.size;
    this.timer = setInterval(() => this.sweep(), SWEEP_MS);
    this.timer.unref();
  }

  override reserve(claim: Claim): Admission | Promise<Admission> {
    return this.counts.tally(this.room.admit(claim));
  }

  override settle(reservation: Reservation, cost: NanoUsd, tokens: number | null): void {
    const held = this.held.get(reservation.callId);
    if (held) {
      this.held.delete(reservation.callId);
      if (cost > held.bound) this.counts.overshoots += 1;
      if (held.rate) this.limits.release(held.rate, tokens);
      return this.charge(held, cost);
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

  override dismiss(): void {
    this.room.close();
  }

  override stop(): Promise<void> {
    clearInterval(this.timer);
    this.room.close();
    return Promise.resolve();
  }

  /** Settles at their bound the reservations that gave no sign of life. */
  sweep(): void {
    const now = this.clock.now();
    for (const [callId, held] of this.held) {
      if (held.expiresAt > now) continue;
      this.held.delete(callId);
      this.counts.lost += 1;
      if (held.rate) this.limits.release(held.rate, held.rate.tokens);
      this.charge(held, held.bound);
      this.swept.set(callId, held);
    }
    for (const callId of this.swept.keys()) {
      if (this.swept.size <= SWEPT_MAX) break;
      this.swept.delete(callId);
    }
    this.counters.sweep(this.isKnown);
    this.limits.sweep();
  }

  private ask(claim: Claim, asking: Asking): Attempt | Promise<Attempt> {
    const counters: Counter[] = [];
    for (const budget of claim.budgets) {
      const counter = this.counters.find(budget);
      if (!counter) return this.seedAndAsk(claim, asking);
      counters.push(counter);
    }
    return this.attempt(claim, claim.budgets, counters, asking);
  }

  private async seedAndAsk(claim: Claim, asking: Asking): Promise<Attempt> {
    const counted: Budget[] = [];
    const counters: Counter[] = [];
    for (const budget of claim.budgets) {
      const counter = this.counters.find(budget) ?? (await this.counters.seed(budget));
      if (counter) {
        counted.push(budget);
        counters.push(counter);
      } else if (budget.hard && budget.onStoreFailure === 'closed') {
        return { kind: 'unavailable', by: budget };
      }
    }
    return this.attempt(claim, counted, counters, asking);
  }

  private attempt(claim: Claim, budgets: readonly Budget[], counters: Counter[], { behind, sharers }: Asking): Attempt {
    let room: number | null = null;
    let full: Attempt | null = null;
    for (const [index, counter] of counters.entries()) {
      const budget = budgets[index];
      if (!budget?.hard) continue;
      const unspent = budget.limit - counter.settled;
      if (!(unspent >= claim.least)) return { kind: 'refused', by: budget, state: counter.state() };
      const unheld = unspent - counter.reserved;
      if (unheld < claim.least || budget === behind) full ??= { kind: 'full', by: budget, state: counter.state() };
      room = room === null ? unheld : Math.min(room, unheld);
    }
    const shortage = claim.rate && this.limits.shortage(claim.rate);
    if (shortage) return { kind: 'limited', shortage };
    if (full) return full;
    const bound = room === null ? claim.bound : grantOf(claim.bound, claim.least, room, sharers);
    return this.hold(claim, bound, counters, room);
  }

  private hold({ callId, budgets, rate }: Claim, bound: NanoUsd, counters: Counter[], room: number | null): Attempt {
    for (const counter of counters) counter.reserved += bound;
    const since = this.clock.now();
    this.held.set(callId, { bound, since, budgets, counters, rate, expiresAt: since + LEASE_MS });
    return {
      kind: 'admitted',
      reservation: { callId, bound, holds: counters.map(holdOf) },
      remaining: room === null ? null : nanoUsd(room - bound),
      allowances: rate && this.limits.take(rate),
    };
  }

  /** A budget that is changed or made anew also counts the calls that run by then: the ledger does not know them yet. */
  private join(budget: Budget, counter: Counter): void {
    for (const held of this.held.values()) {
      if (!isCovered(held, budget, counter)) continue;
      held.counters.push(counter);
      counter.reserved += held.bound;
    }
    for (const swept of this.swept.values()) {
      if (!isCovered(swept, budget, counter)) continue;
      swept.counters.push(counter);
      counter.settled += swept.bound;
    }
  }

  private charge(held: Held, cost: NanoUsd): void {
    for (const counter of held.counters) {
      counter.reserved -= held.bound;
      counter.settled += cost;
    }
    if (this.room.size > 0) for (const { budgetId } of held.counters) this.room.wake(budgetId);
  }
}

const isCovered = ({ since, budgets }: Held, { scope, entityId }: Budget, { window }: Counter): boolean =>
  since >= window.start && budgets.some((other) => other.scope === scope && other.entityId === entityId);

const holdOf = (counter: Counter): { budgetId: string; windowStart: Instant } => ({
  budgetId: counter.budgetId,
  windowStart: counter.window.start,
});
