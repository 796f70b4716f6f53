import type { Budget, BudgetState } from '../budgets/budget-gate.js';
import type { NanoUsd } from '../pricing/money.js';

/** Every way in which a call ends with an answer of ours instead of the provider's. */
export type Failure =
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'unreadable'; readonly message: string; readonly param: string | null }
  | { readonly kind: 'too_large'; readonly limit: number }
  | { readonly kind: 'encoded_body'; readonly encoding: string }
  | { readonly kind: 'unknown_path'; readonly path: string }
  | { readonly kind: 'wrong_method'; readonly method: string; readonly allowed: string }
  | { readonly kind: 'unknown_model'; readonly model: string }
  | { readonly kind: 'model_not_allowed'; readonly model: string }
  | { readonly kind: 'unknown_price'; readonly model: string; readonly budget: Budget }
  | { readonly kind: 'over_budget'; readonly budget: Budget; readonly state: BudgetState; readonly bound: NanoUsd }
  | { readonly kind: 'budgets_away'; readonly budget: Budget }
  | { readonly kind: 'upstream_unreachable'; readonly provider: string }
  | { readonly kind: 'upstream_cut'; readonly provider: string }
  | { readonly kind: 'upstream_timeout'; readonly provider: string }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'internal' };
