import type { Budget, BudgetState } from '../budgets/budget-gate.js';
import type { Shortage } from '../limits/rate-limits.js';
import type { NanoUsd } from '../pricing/money.js';
import type { Refusal } from './call.js';

/** Every way in which a call ends with an answer of ours instead of the provider's. */
export type Failure =
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'unreadable'; readonly message: string; readonly param: string | null }
  | { readonly kind: 'too_large'; readonly limit: number }
  | { readonly kind: 'encoded_body'; readonly encoding: string }
  | {
      readonly kind: 'unknown_path';
      readonly path: string;
      /** With which it would be there. */ readonly baseUrl?: string;
    }
  | { readonly kind: 'wrong_method'; readonly method: string; readonly allowed: string }
  | { readonly kind: 'unknown_model'; readonly model: string }
  | { readonly kind: 'model_not_allowed'; readonly model: string }
  /** It is configured, but switched off (`disabled`), or no master key opens its credentials (`sealed`). */
  | { readonly kind: 'provider_closed'; readonly provider: string; readonly why: 'disabled' | 'sealed' }
  | { readonly kind: 'unknown_price'; readonly model: string; readonly budget: Budget }
  | {
      readonly kind: 'over_budget';
      readonly budget: Budget;
      readonly state: BudgetState;
      readonly bound: NanoUsd;
      readonly waitedMs: number;
    }
  | { readonly kind: 'over_rate'; readonly shortage: Shortage }
  | { readonly kind: 'budgets_away'; readonly budget: Budget }
  | { readonly kind: 'upstream_unreachable'; readonly provider: string }
  | { readonly kind: 'upstream_cut'; readonly provider: string }
  | { readonly kind: 'upstream_timeout'; readonly provider: string }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'internal' };

/** How the ledger calls it; null for what is neither the caller's fault nor its budgets'. */
export function refusalOf({ kind }: Failure): Refusal | null {
  switch (kind) {
    case 'over_budget':
      return 'budget_exceeded';
    case 'over_rate':
      return 'rate_limit_exceeded';
    case 'model_not_allowed':
      return kind;
    case 'unreadable':
    case 'too_large':
    case 'encoded_body':
    case 'unknown_model':
    case 'provider_closed':
    case 'unknown_price':
      return 'bad_request';
    default:
      return null;
  }
}
