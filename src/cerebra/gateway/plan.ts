import type { Allowances } from '../limits/rate-limits.js';
import type { NanoUsd } from '../pricing/money.js';
import type { ModelPrice } from '../pricing/rates.js';
import type { Target } from '../providers/resolve.js';
import type { Operation } from './operation.js';

/** What the gate said to a call that it let through. */
export interface Allowed {
  /** What the tightest budget had left once this call was reserved; null without a budget. */
  readonly remaining: NanoUsd | null;
  /** Null for a key without limits. */
  readonly allowances: Allowances | null;
  /** How long it waited for others to settle. */
  readonly waitedMs: number;
}

/** All that was decided about a call before it is sent. */
export interface Plan extends Allowed {
  readonly operation: Operation;
  readonly target: Target;
  /** Below the root of the provider's API, with the query. */
  readonly path: string;
  /** As it goes upstream. */
  readonly body: Buffer;
  readonly headers: readonly string[];
  /** The caller's own key, flat: name, value. Null: the provider's configured one is sent. */
  readonly credential: readonly string[] | null;
  /** We asked for the usage event, the client did not. */
  readonly hideUsage: boolean;
  /** Null: not known, so the call costs nothing that we could tell. */
  readonly price: ModelPrice | null;
  /** A guess at the tokens of the prompt; the most that they can be where the body only names what is read. */
  readonly inputEstimate: number;
  readonly outputBound: number;
  /** To what the output of one choice was cut, since no more could be paid for; null: it was not. */
  readonly maxOutput: number | null;
}
