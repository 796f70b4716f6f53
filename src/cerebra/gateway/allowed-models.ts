import type { Caller } from '../identity/caller.js';
import type { Target } from '../providers/resolve.js';

/** Compiled once for each caller: one object per key, and it lives as long as the key is loaded. */
const compiled = new WeakMap<Caller, readonly RegExp[]>();

const escape = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

/** `*` stands for any run of characters. */
const toPattern = (name: string): RegExp => new RegExp(`^${name.split('*').map(escape).join('.*')}$`, 's');

/** Whether the key may use the model, by its plain name or by `provider/model`. */
export function mayUse(caller: Caller, { provider, model }: Target): boolean {
  if (caller.allowedModels === null) return true;
  let patterns = compiled.get(caller);
  if (patterns === undefined) {
    patterns = caller.allowedModels.map(toPattern);
    compiled.set(caller, patterns);
  }
  const full = `${provider.name}/${model}`;
  return patterns.some((pattern) => pattern.test(model) || pattern.test(full));
}
