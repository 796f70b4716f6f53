import type { Logger } from 'pino';
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
  type Reservation,
} from './budget-gate.js';
import { CurrentWindows } from './current-windows.js';
import type { GateCounts } from './gate-counts.js';
import { LuaScript } from './redis/lua-script.js';
import type { BudgetWindow, Operation } from './redis/operation.js';
import { Operations, type Reply } from './redis/operations.js';
import { Seeds } from './redis/seeds.js';
import { Settlements } from './redis/settlements.js';
import type { Store } from './redis/store.js';
import { sweepLua } from './redis/upkeep.lua.js';
import type { Spending } from './spending.js';

/** Calls charged in one run of the sweeper, which holds up Redis; more runs follow at once. */
const SWEPT_AT_ONCE = 200;
/** What is not told by then is charged by the sweeper of another replica, at its bound. */
const STOP_MS = 2_000;

const sweepScript = new LuaScript(sweepLua);

export interface RedisGateParts {
  readonly store: Store;
  readonly spending: Spending;
  readonly counts: GateCounts;
  readonly clock: Clock;
  readonly log: Logger;
  readonly leaseMs?: number;
  readonly sweepMs?: number;
}

interface Held {
  epoch: string;
  readonly bound: NanoUsd;
  readonly windows: readonly BudgetWindow[];
}

/** One truth for all replicas: every operation is one script in Redis, all or nothing. */
export class RedisBudgetGate extends BudgetGate {
  private readonly store: Store;
  private readonly clock: Clock;
  private readonly counts: GateCounts;
  private readonly windows: CurrentWindows;
  private readonly operations: Operations;
  private readonly seeds: Seeds;
  private readonly settlements: Settlements;
  private readonly timer: NodeJS.Timeout;
  /** As many as calls are running here. */
  private readonly held = new Map<string, Held>();

  constructor({ store, spending, counts, clock, log, leaseMs = LEASE_MS, sweepMs = SWEEP_MS }: RedisGateParts) {
    super();
    this.store = store;
    this.clock = clock;
    this.counts = counts;
    counts.mode = () => (store.up ? 'redis' : 'away');
    this.windows = new CurrentWindows(clock);
    this.operations = new Operations(store, leaseMs, clock);
    this.seeds = new Seeds(store, spending);
    this.settlements = new Settlements(this.operations, this.seeds, counts, log);
    this.store.onUp(() => void this.settlements.retell());
    this.timer = setInterval(() => void this.upkeep(), sweepMs);
    this.timer.unref();
  }

  override reserve(callId: string, budgets: readonly Budget[], bound: NanoUsd): Admission | Promise<Admission> {
    const windows = budgets.map((budget) => this.place(budget));
    if (windows.length === 0) return this.admit(callId, { epoch: '', bound, windows }, null);
    return this.store.up ? this.reserveInStore(callId, bound, windows) : this.reserveWithout(callId, bound, windows);
  }

  override settle({ callId, bound }: Reservation, cost: NanoUsd): void {
    const held = this.held.get(callId);
    this.held.delete(callId);
    if (held && cost > bound) this.counts.overshoots += 1;
    if (held?.windows.length === 0) return;
    // One that is not held here is known to the store alone: of a process that crashed, or settled before.
    this.settlements.add(this.operation('settle', callId, held?.epoch ?? '', cost, held?.windows ?? []));
  }

  override renew(reservations: readonly Reservation[]): void {
    for (const { callId } of reservations) {
      const held = this.held.get(callId);
      if (held && held.windows.length > 0) void this.renewInStore(callId, held);
    }
  }

  override async state(budget: Budget): Promise<BudgetState> {
    const place = this.place(budget);
    const operation = this.operation('state', '', '', nanoUsd(0), [place]);
    let reply = await this.operations.submit(operation);
    if (reply.kind === 'unseeded' && (await this.seeds.plant(reply.epoch, place))) {
      reply = await this.operations.submit(operation);
    }
    if (reply.kind === 'state') return toState(place, reply.settled, reply.reserved);
    throw new AppError(platformErrors.unavailable, 'What budgets have spent cannot be read now; try again shortly.');
  }

  override async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.settlements.drain(STOP_MS);
    this.store.stop();
  }

  private place(budget: Budget): BudgetWindow {
    return { budget, window: this.windows.of(budget) };
  }

  private operation(
    name: Operation['name'],
    callId: string,
    epoch: string,
    amount: NanoUsd,
    windows: readonly BudgetWindow[],
  ): Operation {
    return { name, callId, epoch, amount, windows, endedAt: this.clock.now() };
  }

  private async reserveInStore(callId: string, bound: NanoUsd, windows: readonly BudgetWindow[]): Promise<Admission> {
    const reply = await this.operations.submit(this.operation('reserve', callId, '', bound, windows));
    if (reply.kind !== 'unseeded') return this.toAdmission(callId, bound, windows, reply);
    const unread = await this.seed(reply.epoch, windows, reply.indexes);
    const closing = unread.find(closes);
    if (closing) return { kind: 'unavailable', by: closing.budget };
    // What an open budget misses here, the ledger tells it once it can be read.
    const counted = windows.filter((place) => !unread.includes(place));
    if (counted.length === 0) return this.admit(callId, { epoch: '', bound, windows: counted }, null);
    const second = await this.operations.submit(this.operation('reserve', callId, '', bound, counted));
    return this.toAdmission(callId, bound, counted, second);
  }

  /** @returns the windows whose spending cannot be read now */
  private async seed(
    epoch: string,
    windows: readonly BudgetWindow[],
    indexes: readonly number[],
  ): Promise<readonly BudgetWindow[]> {
    const missing = indexes.flatMap((index) => windows[index] ?? []);
    const planted = await Promise.all(missing.map((place) => this.seeds.plant(epoch, place)));
    return missing.filter((_, index) => !planted[index]);
  }

  private toAdmission(callId: string, bound: NanoUsd, windows: readonly BudgetWindow[], reply: Reply): Admission {
    if (reply.kind === 'admitted') {
      const remaining = reply.left < 0 ? null : nanoUsd(reply.left);
      return this.admit(callId, { epoch: reply.epoch, bound, windows }, remaining);
    }
    const place = reply.kind === 'refused' ? windows[reply.index] : undefined;
    if (reply.kind === 'refused' && place) {
      this.counts.refusals[place.budget.scope] += 1;
      return { kind: 'refused', by: place.budget, state: toState(place, reply.settled, reply.reserved) };
    }
    const admission = this.reserveWithout(callId, bound, windows);
    // The question may have arrived although no answer did: what it may hold is given back.
    if (admission.kind === 'unavailable') {
      this.settlements.add(this.operation('settle', callId, '', nanoUsd(0), []));
    }
    return admission;
  }

  private reserveWithout(callId: string, bound: NanoUsd, windows: readonly BudgetWindow[]): Admission {
    const closing = windows.find(closes);
    if (closing) return { kind: 'unavailable', by: closing.budget };
    return this.admit(callId, { epoch: '', bound, windows }, null);
  }

  private admit(callId: string, held: Held, remaining: NanoUsd | null): Admission {
    this.held.set(callId, held);
    const holds = held.windows.map(({ budget, window }) => ({ budgetId: budget.id, windowStart: window.start }));
    return { kind: 'admitted', reservation: { callId, bound: held.bound, holds }, remaining };
  }

  private async renewInStore(callId: string, held: Held): Promise<void> {
    const operation = this.operation('renew', callId, held.epoch, held.bound, held.windows);
    const reply = await this.operations.submit(operation);
    if (reply.kind === 'renewed') held.epoch = reply.epoch;
  }

  private async upkeep(): Promise<void> {
    void this.settlements.retell();
    let swept: unknown = SWEPT_AT_ONCE;
    while (swept === SWEPT_AT_ONCE) {
      swept = await this.store.run(sweepScript, [SWEPT_AT_ONCE]);
      if (typeof swept === 'number') this.counts.lost += swept;
    }
  }
}

const closes = ({ budget }: BudgetWindow): boolean => budget.hard && budget.onStoreFailure === 'closed';

const toState = ({ window }: BudgetWindow, settled: number, reserved: number): BudgetState => ({
  settled: nanoUsd(settled),
  reserved: nanoUsd(reserved),
  windowStart: window.start,
  resetsAt: window.end,
});
