import type { Instant } from '../../platform/time.js';
import type { Allowances, RateClaim, Shortage } from '../limits/rate-limits.js';
import type { NanoUsd } from '../pricing/money.js';
import type { Period } from './window.pure.js';

export const scopes = ['agent', 'team', 'user', 'org', 'key', 'model', 'provider', 'tag'] as const;
export type Scope = (typeof scopes)[number];

/** A budget as the gate holds it. */
export interface Budget {
  readonly id: string;
  readonly scope: Scope;
  readonly entityId: string;
  readonly limit: NanoUsd;
  readonly period: Period;
  readonly timeZone: string;
  /** A soft budget counts but never refuses. */
  readonly hard: boolean;
  /** What a hard budget does while the store that counts it is away. */
  readonly onStoreFailure: 'closed' | 'open';
  /** Where the window of a `total` begins. */
  readonly createdAt: Instant;
  /** When its windows became what they are. What was spent in a window before that, only the ledger knows. */
  readonly countedSince: Instant;
}

/** What is taken out of one budget's window. */
export interface BudgetState {
  readonly settled: NanoUsd;
  readonly reserved: NanoUsd;
  readonly windowStart: Instant;
  /** Null for `total`. */
  readonly resetsAt: Instant | null;
}

/** What a call asks of the gate. */
export interface Claim {
  readonly callId: string;
  readonly budgets: readonly Budget[];
  /** The dearest that the call can become. */
  readonly bound: NanoUsd;
  /** Lower than `bound` where the call may be cut: the least that is of use to it. */
  readonly least: NanoUsd;
  /** Null for a key without limits. */
  readonly rate: RateClaim | null;
  /** Whether nobody waits for the answer any more. */
  abandoned(): boolean;
}

/** A hold on every budget that covers a call. A lease: renewed while the call runs, else settled by the sweeper. */
export interface Reservation {
  readonly callId: string;
  /** As claimed, unless the call is to be cut. */
  readonly bound: NanoUsd;
  /** The windows it was taken from; settled against these, whatever the clock says by then. */
  readonly holds: readonly { readonly budgetId: string; readonly windowStart: Instant }[];
}

export type Verdict =
  | {
      readonly kind: 'admitted';
      readonly reservation: Reservation;
      /** What the tightest budget has left; null where none is hard. */
      readonly remaining: NanoUsd | null;
      /** Null for a key without limits, and while the store that counts them is away. */
      readonly allowances: Allowances | null;
    }
  | { readonly kind: 'refused'; readonly by: Budget; readonly state: BudgetState }
  | { readonly kind: 'limited'; readonly shortage: Shortage }
  /** The store that counts is away and `by` is a hard budget that closes then. */
  | { readonly kind: 'unavailable'; readonly by: Budget }
  /** Nobody waits for the answer any more. */
  | { readonly kind: 'abandoned' };

/** With how long the call waited for others to settle; 0: not at all. */
export type Admission = Verdict & { readonly waitedMs: number };

/** Invariant: settled + reserved ≤ limit, for every hard budget, at every instant. */
export abstract class BudgetGate {
  /**
   * All budgets and limits or none, in one atomic step: two steps would let parallel calls pass between them. A call
   * that its budgets can pay for once others have settled waits for that, in order of arrival.
   */
  abstract reserve(claim: Claim): Admission | Promise<Admission>;
  /**
   * Idempotent by the reservation's call. Never throws: what cannot be told to the store now is told later.
   * @param tokens that were used; null: the call was never made
   */
  abstract settle(reservation: Reservation, cost: NanoUsd, tokens: number | null): void;
  /** Called every {@link LEASE_MS} / 3 while a call runs. */
  abstract renew(reservations: readonly Reservation[]): void;
  abstract state(budget: Budget): Promise<BudgetState>;
  /** Refuses all that wait: the process stops. */
  abstract dismiss(): void;
  /** Tells the store what is still to be told. */
  abstract stop(): Promise<void>;
}

/** How long a reservation lives without a sign of life (api.md, "Settled behaviour of the gateway's surfaces"). */
export const LEASE_MS = 60_000;

/** How often lost reservations are looked for: a lease and a sweep are over within the 90 s that are promised. */
export const SWEEP_MS = 15_000;
