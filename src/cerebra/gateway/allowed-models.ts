import type { Caller } from '../identity/caller.js';
import type { Target } from '../providers/resolve.js';

/** A pattern cut at its stars: what stands between them must follow in that order. */
type Pattern = readonly string[];

/** Cut once for each caller: one object per key, and it lives as long as the key is loaded. */
const patternsOf = new WeakMap<Caller, readonly Pattern[]>();

/** Whether the key may use the model, by its plain name or by `provider/model`. `*` stands for any run of characters. */
export function mayUse(caller: Caller, { provider, model }: Target): boolean {
  if (caller.allowedModels === null) return true;
  let patterns = patternsOf.get(caller);
  if (patterns === undefined) {
    patterns = caller.allowedModels.map((name) => name.split('*'));
    patternsOf.set(caller, patterns);
  }
  const full = `${provider.name}/${model}`;
  return patterns.some((pattern) => matches(pattern, model) || matches(pattern, full));
}

/** In linear time, unlike a regular expression: the caller chooses the name. */
function matches([head = '', ...rest]: Pattern, name: string): boolean {
  const tail = rest.pop();
  if (tail === undefined) return name === head;
  const end = name.length - tail.length;
  if (end < head.length || !name.startsWith(head) || !name.endsWith(tail)) return false;
  let from = head.length;
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found === -1 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
}
