import type { Budget } from '../../budgets/budget-gate.js';
import type { Caller } from '../../identity/caller.js';
import type { Failure } from '../failure.js';

/** Reading, deleting and uploading cost nothing by themselves. */
const FREE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE']);
const FREE_PATHS = /\/(?:files|uploads|cachedContents)(?:\/|$|:)/;

export const isFree = (method: string, path: string): boolean => FREE_METHODS.has(method) || FREE_PATHS.test(path);

/**
 * Why a call may not be passed through whose price nobody can tell beforehand: what a hard budget or a list of models
 * allows could not be held to.
 */
export function objection(
  { allowedModels }: Caller,
  budgets: readonly Budget[],
  call: string,
  free: boolean,
): Failure | null {
  if (allowedModels !== null) return { kind: 'model_not_allowed', model: call };
  const hard = free ? undefined : budgets.find((budget) => budget.hard);
  return hard === undefined ? null : { kind: 'unknown_price', model: call, budget: hard };
}
