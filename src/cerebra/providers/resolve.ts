import type { Api } from './dialect.js';
import type { Provider } from './provider.js';

/** Where a call goes, and what the model is called there. */
export interface Target {
  readonly provider: Provider;
  readonly model: string;
}

/**
 * `openai/gpt-4o` names the provider; `gpt-4o` is the first provider's that serves it.
 * Only providers that speak the caller's API count. A prefix that is no provider's belongs to the model's name, as in `meta-llama/llama-3`.
 */
export function resolve(providers: ReadonlyMap<string, Provider>, requested: string, api: Api): Target | null {
  const slash = requested.indexOf('/');
  const named = slash === -1 ? undefined : providers.get(requested.slice(0, slash));
  if (named !== undefined) {
    const model = requested.slice(slash + 1);
    return named.api === api && named.serves(model, true) ? { provider: named, model } : null;
  }
  for (const provider of providers.values()) {
    if (provider.api === api && provider.serves(requested, false)) return { provider, model: requested };
  }
  return null;
}
