import { Roll } from '../../platform/collections/roll.js';
import type { Clock } from '../../platform/time.js';
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
import { CurrentWindows } from './current-windows.js';
import type { GateCounts } from './gate-counts.js';
import { grantOf } from './grant.pure.js';
import { MemoryHold } from './memory-hold.js';
import type { Spending } from './spending.js';
import { WaitingRoom, type Asking, type Attempt } from './waiting/waiting-room.js';
import { WindowCounters, type Counter } from './window-counters.js';

/** Of those that the sweeper charged, so many can still be corrected; the oldest stay at their bound. */
const SWEPT_MAX = 10_000;

/** Asking costs nothing here. */
const POLL_MS = 25;

/** The gate of a lone process: one synchronous step, so no other call can come between check and hold. */
export class MemoryBudgetGate extends BudgetGate {
  private readonly counters: WindowCounters;
  private readonly limits: MemoryLimits;
  private readonly room: WaitingRoom;
  /** As many as calls are running. */
  private readonly held = new Roll<MemoryHold>();
  private readonly swept = new Set<MemoryHold>();
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
    if (!(reservation instanceof MemoryHold)) return;
    if (this.held.delete(reservation)) {
      if (cost > reservation.bound) this.counts.overshoots += 1;
      if (reservation.rate) this.limits.release(reservation.rate, tokens);
      this.charge(reservation, cost);
    } else if (this.swept.delete(reservation)) {
      for (const counter of reservation.counters) counter.settled += cost - reservation.bound;
    }
  }

  override renew(reservations: readonly Reservation[]): void {
    const expiresAt = this.clock.now() + LEASE_MS;
    for (const reservation of reservations) {
      if (reservation instanceof MemoryHold) reservation.expiresAt = expiresAt;
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
    for (const held of this.held) {
      if (held.expiresAt > now) continue;
      this.held.delete(held);
      this.counts.lost += 1;
      if (held.rate) this.limits.release(held.rate, held.rate.tokens);
      this.charge(held, held.bound);
      this.swept.add(held);
    }
    for (const oldest of this.swept) {
      if (this.swept.size <= SWEPT_MAX) break;
      this.swept.delete(oldest);
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

  private hold(claim: Claim, bound: NanoUsd, counters: Counter[], room: number | null): Attempt {
    for (const counter of counters) counter.reserved += bound;
    const since = this.clock.now();
    const held = new MemoryHold(claim, bound, counters, since, since + LEASE_MS);
    this.held.add(held);
    return {
      kind: 'admitted',
      reservation: held,
      remaining: room === null ? null : nanoUsd(room - bound),
      allowances: claim.rate && this.limits.take(claim.rate),
    };
  }

  /** A budget that is changed or made anew also counts the calls that run by then: the ledger does not know them yet. */
  private join(budget: Budget, counter: Counter): void {
    for (const held of this.held) {
      if (!isCovered(held, budget, counter)) continue;
      held.counters.push(counter);
      counter.reserved += held.bound;
    }
    for (const swept of this.swept) {
      if (!isCovered(swept, budget, counter)) continue;
      swept.counters.push(counter);
      counter.settled += swept.bound;
    }
  }

  private charge(held: MemoryHold, cost: NanoUsd): void {
    for (const counter of held.counters) {
      counter.reserved -= held.bound;
      counter.settled += cost;
    }
    if (this.room.size > 0) for (const { budgetId } of held.counters) this.room.wake(budgetId);
  }
}

const isCovered = ({ since, budgets }: MemoryHold, { scope, entityId }: Budget, { window }: Counter): boolean =>
  since >= window.start && budgets.some((other) => other.scope === scope && other.entityId === entityId);
