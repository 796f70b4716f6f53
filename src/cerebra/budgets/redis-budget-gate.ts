import type { Logger } from 'pino';
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
  type Verdict,
} from './budget-gate.js';
import type { Allowances } from '../limits/rate-limits.js';
import { CurrentWindows } from './current-windows.js';
import type { GateCounts } from './gate-counts.js';
import { LuaScript } from './redis/lua-script.js';
import { budgetIdOf, closes, type BudgetWindow, type Operation } from './redis/operation.js';
import { Operations, type Reply } from './redis/operations.js';
import { ROOM_CHANNEL } from './redis/operations.lua.js';
import { RedisHold } from './redis/redis-hold.js';
import { shortageOf, toAllowances } from './redis/told-limits.js';
import { Seeds } from './redis/seeds.js';
import { Settlements } from './redis/settlements.js';
import type { Store } from './redis/store.js';
import { sweepLua } from './redis/upkeep.lua.js';
import type { Spending } from './spending.js';
import { WaitingRoom, type Asking, type Attempt } from './waiting/waiting-room.js';

/** Calls charged in one run of the sweeper, which holds up Redis; more runs follow at once. */
const SWEPT_AT_ONCE = 200;
/** Messages wake those who wait; this is for the lost ones, and for windows that end. */
const POLL_MS = 200;
/** What is not told by then is charged by the sweeper of another replica, at its bound. */
const STOP_MS = 2_000;

const sweepScript = new LuaScript(sweepLua);

export interface RedisGateParts {
  readonly store: Store;
  readonly spending: Spending;
  readonly counts: GateCounts;
  readonly clock: Clock;
  readonly log: Logger;
  readonly waitMs: number;
  readonly leaseMs?: number;
  readonly sweepMs?: number;
}

/** A claim as the store is asked for it. */
interface Placed {
  readonly claim: Claim;
  readonly asking: Asking;
  readonly windows: readonly BudgetWindow[];
}

const NOTHING = nanoUsd(0);
const NEVER_MADE = -1;

/** One truth for all replicas: every operation is one script in Redis, all or nothing. */
export class RedisBudgetGate extends BudgetGate {
  private readonly store: Store;
  private readonly clock: Clock;
  private readonly counts: GateCounts;
  private readonly windows: CurrentWindows;
  private readonly operations: Operations;
  private readonly seeds: Seeds;
  private readonly settlements: Settlements;
  private readonly room: WaitingRoom;
  private readonly timer: NodeJS.Timeout;
  /** As many as calls are running here. */
  private readonly held = new Roll<RedisHold>();

  constructor(parts: RedisGateParts) {
    super();
    const { store, spending, counts, clock, log, waitMs, leaseMs = LEASE_MS, sweepMs = SWEEP_MS } = parts;
    this.store = store;
    this.clock = clock;
    this.counts = counts;
    counts.mode = () => (store.up ? 'redis' : 'away');
    this.windows = new CurrentWindows(clock);
    this.operations = new Operations(store, leaseMs, waitMs, clock);
    this.seeds = new Seeds(store, spending);
    this.settlements = new Settlements(this.operations, this.seeds, counts, log);
    store.onUp(() => {
      this.holdAgain();
      void this.settlements.retell();
    });
    this.room = new WaitingRoom((claim, asking) => this.ask(claim, asking), { waitMs, pollMs: POLL_MS });
    counts.waiting = () => this.room.size;
    store.listen(ROOM_CHANNEL, (window) => this.room.wake(budgetIdOf(window)));
    this.timer = setInterval(() => void this.upkeep(), sweepMs);
    this.timer.unref();
  }

  override reserve(claim: Claim): Admission | Promise<Admission> {
    return this.counts.tally(this.room.admit(claim));
  }

  override settle(reservation: Reservation, cost: NanoUsd, tokens: number | null): void {
    const { callId, bound } = reservation;
    // One that is not held here is known to the store alone: of a process that crashed, or settled before.
    const held = reservation instanceof RedisHold && this.held.delete(reservation) ? reservation : null;
    if (held !== null && cost > bound) this.counts.overshoots += 1;
    if (held?.isNothing) return;
    const { epoch = '', windows = [] } = held ?? {};
    this.settlements.add(
      this.operation({ name: 'settle', callId, epoch, amount: cost, used: tokens ?? NEVER_MADE, windows }),
    );
  }

  override renew(reservations: readonly Reservation[]): void {
    for (const reservation of reservations) {
      const held = reservation instanceof RedisHold && this.held.has(reservation) ? reservation : null;
      if (held?.isNothing === false) void this.renewInStore(held);
    }
  }

  override async state(budget: Budget): Promise<BudgetState> {
    const place = this.place(budget);
    const operation = this.operation({ name: 'state', callId: '', windows: [place] });
    let reply = await this.operations.submit(operation);
    if (reply.kind === 'unseeded' && (await this.seeds.plant(reply.epoch, place))) {
      reply = await this.operations.submit(operation);
    }
    if (reply.kind === 'state') return toState(place, reply.settled, reply.reserved);
    throw new AppError(platformErrors.unavailable, 'What budgets have spent cannot be read now; try again shortly.');
  }

  override dismiss(): void {
    this.room.close();
  }

  override async stop(): Promise<void> {
    clearInterval(this.timer);
    this.room.close();
    await this.settlements.drain(STOP_MS);
    this.store.stop();
  }

  private place(budget: Budget): BudgetWindow {
    return { budget, window: this.windows.of(budget) };
  }

  private operation(fields: Pick<Operation, 'name' | 'callId' | 'windows'> & Partial<Operation>): Operation {
    const endedAt = this.clock.now();
    return {
      epoch: '',
      amount: NOTHING,
      least: NOTHING,
      behind: -1,
      sharers: 1,
      rate: null,
      used: 0,
      endedAt,
      ...fields,
    };
  }

  private ask(claim: Claim, asking: Asking): Attempt | Promise<Attempt> {
    const placed = { claim, asking, windows: claim.budgets.map((budget) => this.place(budget)) };
    if (placed.windows.length === 0 && claim.rate === null) return this.letThrough(placed);
    return this.store.up ? this.askStore(placed) : this.withoutStore(placed);
  }

  private async askStore(placed: Placed): Promise<Attempt> {
    const reply = await this.reserveInStore(placed);
    if (reply.kind !== 'unseeded') return this.toAttempt(placed, reply);
    const unread = await this.seed(reply.epoch, placed.windows, reply.indexes);
    const closing = unread.find(closes);
    if (closing) return { kind: 'unavailable', by: closing.budget };
    // What an open budget misses here, the ledger tells it once it can be read.
    const counted = { ...placed, windows: placed.windows.filter((place) => !unread.includes(place)) };
    if (counted.windows.length === 0 && placed.claim.rate === null) return this.letThrough(counted);
    return this.toAttempt(counted, await this.reserveInStore(counted));
  }

  private reserveInStore({ claim, asking, windows }: Placed): Promise<Reply> {
    const { callId, bound, least, rate } = claim;
    const behind = windows.findIndex(({ budget }) => budget === asking.behind);
    const { sharers } = asking;
    return this.operations.submit(
      this.operation({ name: 'reserve', callId, amount: bound, least, rate, behind, sharers, windows }),
    );
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

  private toAttempt(placed: Placed, reply: Reply): Attempt {
    const { claim, windows } = placed;
    switch (reply.kind) {
      case 'admitted': {
        const held = new RedisHold(claim, nanoUsd(reply.bound), windows, reply.epoch);
        const allowances = claim.rate && toAllowances(claim.rate.limits, reply.told);
        return this.admit(held, reply.left < 0 ? null : nanoUsd(reply.left), allowances);
      }
      case 'limited':
        if (claim.rate) return { kind: 'limited', shortage: shortageOf(claim.rate.limits, reply) };
        break;
      case 'refused':
      case 'full': {
        const place = windows[reply.index];
        const { kind, settled, reserved } = reply;
        if (place) return { kind, by: place.budget, state: toState(place, settled, reserved) };
        break;
      }
      default:
    }
    const attempt = this.withoutStore(placed);
    // The question may have arrived although no answer did: what it may hold is given back.
    if (reply.kind === 'away' && attempt.kind === 'unavailable') {
      this.settlements.add(this.operation({ name: 'settle', callId: claim.callId, used: NEVER_MADE, windows: [] }));
    }
    return attempt;
  }

  private withoutStore(placed: Placed): Attempt {
    const closing = placed.windows.find(closes);
    return closing ? { kind: 'unavailable', by: closing.budget } : this.letThrough(placed);
  }

  private letThrough({ claim, windows }: Placed): Verdict {
    return this.admit(new RedisHold(claim, claim.bound, windows, ''), null, null);
  }

  private admit(held: RedisHold, remaining: NanoUsd | null, allowances: Allowances | null): Verdict {
    this.held.add(held);
    return { kind: 'admitted', reservation: held, remaining, allowances };
  }

  /** What runs here and this life of the store does not know; before any call that comes after. */
  private holdAgain(): void {
    for (const held of this.held) {
      if (held.epoch !== this.store.epoch && !held.isNothing) void this.renewInStore(held);
    }
  }

  private async renewInStore(held: RedisHold): Promise<void> {
    const { callId, epoch, bound, rate, windows } = held;
    const reply = await this.operations.submit(
      this.operation({ name: 'renew', callId, epoch, amount: bound, rate, windows }),
    );
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

const toState = ({ window }: BudgetWindow, settled: number, reserved: number): BudgetState => ({
  settled: nanoUsd(settled),
  reserved: nanoUsd(reserved),
  windowStart: window.start,
  resetsAt: window.end,
});
