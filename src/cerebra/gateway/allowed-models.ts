import type { Caller } from '../identity/caller.js';
import { matches, toPattern, type ModelPattern } from '../providers/model-pattern.pure.js';
import type { Target } from '../providers/resolve.js';

/** Cut once for each caller: one object per key, and it lives as long as the key is loaded. */
const patternsOf = new WeakMap<Caller, readonly ModelPattern[]>();

/** Whether the key may use the model, by its plain name or by `provider/model`. `*` stands for any run of characters. */
export function mayUse(caller: Caller, { provider, model }: Target): boolean {
  if (caller.allowedModels === null) return true;
  let patterns = patternsOf.get(caller);
  if (patterns === undefined) {
    patterns = caller.allowedModels.map(toPattern);
    patternsOf.set(caller, patterns);
  }
  const full = `${provider.name}/${model}`;
  return patterns.some((pattern) => matches(pattern, model) || matches(pattern, full));
}
