import type { Instant } from '../../../platform/time.js';
import type { RateClaim } from '../../limits/rate-limits.js';
import type { NanoUsd } from '../../pricing/money.js';
import type { Budget } from '../budget-gate.js';
import type { Window } from '../window.pure.js';

/** A window of a budget, as the store names it. */
export interface BudgetWindow {
  readonly budget: Budget;
  readonly window: Window;
}

export interface Operation {
  readonly name: 'reserve' | 'settle' | 'renew' | 'state';
  readonly callId: string;
  /** The life of the store in which it was held: empty for none. */
  readonly epoch: string;
  readonly amount: NanoUsd;
  /** Of a reservation that may be cut: see `Claim`. */
  readonly least: NanoUsd;
  /** Index of the window that earlier calls wait for; -1: none. */
  readonly behind: number;
  readonly sharers: number;
  readonly rate: RateClaim | null;
  /** Of a settlement: tokens that were used; -1: the call was never made. */
  readonly used: number;
  /** When the call ended; only its age travels, so that clocks need not agree. */
  readonly endedAt: Instant;
  readonly windows: readonly BudgetWindow[];
}

/** Windows are kept for a day after their end, for calls that settle late. */
const KEPT_MS = 86_400_000;

/** The suffix of the window's key. */
export const keyOf = ({ budget, window }: BudgetWindow): string => `${budget.id}:${window.start}`;

/** The budget of a window, by the suffix of its key. */
export const budgetIdOf = (suffix: string): string => suffix.slice(0, suffix.lastIndexOf(':'));

/** Milliseconds since the epoch; 0 for a window without end. */
export const expiryOf = ({ window }: BudgetWindow): number => (window.end === null ? 0 : window.end + KEPT_MS);

/** Whether no call passes it while the store is away. */
export const closes = ({ budget }: BudgetWindow): boolean => budget.hard && budget.onStoreFailure === 'closed';

/** As `operationsLua` reads it. */
export function encode(operation: Operation, now: Instant): (string | number)[] {
  const { name, callId, epoch, amount, least, behind, sharers, rate, used, endedAt, windows } = operation;
  const words: (string | number)[] = [name, callId, epoch, amount, Math.max(0, now - endedAt), least, behind, sharers];
  words.push(used, ...encodeRate(rate), windows.length);
  for (const place of windows) {
    const { budget, window } = place;
    words.push(
      keyOf(place),
      window.start,
      budget.countedSince,
      expiryOf(place),
      budget.hard ? budget.limit : -1,
      closes(place) ? 1 : 0,
    );
  }
  return words;
}

/** A limit of 0 is none. */
const encodeRate = (rate: RateClaim | null): readonly (string | number)[] =>
  rate === null
    ? ['']
    : [rate.keyId, rate.tokens, rate.limits.rpm ?? 0, rate.limits.tpm ?? 0, rate.limits.parallel ?? 0];
