import type { Api } from './dialect.js';
import type { Provider } from './provider.js';

/** Where a call goes, and what the model is called there. */
export interface Target {
  readonly provider: Provider;
  readonly model: string;
}

/**
 * `openai/gpt-4o` names the provider; `gpt-4o` is the first provider's that serves it, of those that are open if there
 * is one. Only providers that speak the caller's API count. A prefix that is no provider's belongs to the model's name,
 * as in `meta-llama/llama-3`.
 * @param ownKey the caller brings a key of its own
 */
export function resolve(
  providers: ReadonlyMap<string, Provider>,
  requested: string,
  api: Api,
  ownKey: boolean,
): Target | null {
  const slash = requested.indexOf('/');
  const named = slash === -1 ? undefined : providers.get(requested.slice(0, slash));
  if (named !== undefined) {
    const model = requested.slice(slash + 1);
    const answers = named.api === api && (ownKey || !named.needsOwnKey) && named.serves(model, true);
    return answers ? { provider: named, model } : null;
  }
  let closed: Target | null = null;
  for (const provider of providers.values()) {
    if (!answersUnnamed(provider, api, ownKey) || !provider.serves(requested, false)) continue;
    if (provider.availability === 'open') return { provider, model: requested };
    closed ??= { provider, model: requested };
  }
  return closed;
}

/**
 * Whether calls may go to the provider that do not name it. Those with a key of the caller's own only to the API's
 * inventor: whoever has not named another one must not have shown it a key.
 */
export function answersUnnamed({ name, api, address, needsOwnKey }: Provider, asked: Api, ownKey: boolean): boolean {
  if (api !== asked) return false;
  return ownKey ? name === api || address === null : !needsOwnKey;
}
