import type { CerebraConfig } from '../cerebra.config.js';
import type { CatalogueName } from './kinds.js';
import { kinds } from './kinds.js';
import { hosted, type Account, type HostingServices } from './hosted-api.js';
import type { Provider } from './provider.js';

/** The id of the only key that the environment can give a provider. */
export const ENVIRONMENT_KEY = 'environment';

/** What the environment says of the three APIs. */
export type ConfiguredAccount = Account & { readonly kind: CatalogueName };

/** The accounts that the environment configures with a key or an address, or with neither where callers bring keys. */
export function configuredAccounts(config: CerebraConfig): readonly ConfiguredAccount[] {
  const callersBringKeys = config.auth !== 'keys';
  return (['openai', 'anthropic', 'gemini'] as const).flatMap((kind) => {
    const { apiKey, baseUrl } = config[kind];
    if (apiKey === null && baseUrl === null && !callersBringKeys) return [];
    return {
      kind,
      name: kind,
      baseUrl,
      keys: apiKey === null ? [] : [{ id: ENVIRONMENT_KEY, apiKey, weight: 1 }],
      credentialHeader: null,
      headers: {},
      models: null,
      availability: 'open',
    };
  });
}

export const configuredProviders = (config: CerebraConfig, services: HostingServices): readonly Provider[] =>
  configuredAccounts(config)
    .map((account) => hosted(kinds[account.kind].hosted, account, services))
    // Without callers' keys, the public address is of no use without one.
    .filter((provider) => config.auth !== 'keys' || !provider.needsOwnKey);
