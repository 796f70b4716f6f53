import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../platform/time.js';
import { CLOCK, CONFIG } from '../../platform/tokens.js';
import type { CerebraConfig } from '../cerebra.config.js';
import { configuredAccounts, type ConfiguredAccount } from './configured-providers.js';
import type { Credential } from './credentials/credential.js';
import { endOf, type SealedCredential } from './credentials/sealed-credentials.js';
import { DEMO_PROVIDER } from './demo/price.js';
import { kinds } from './kinds.js';
import type { ProviderRow } from './provider.entity.js';
import { ProviderTable } from './provider-table.js';
import type { Provider } from './provider.js';
import type { ProviderReply } from './providers.dto.js';

type Shown = ProviderReply['credentials'][number];

const ENVIRONMENT = {
  origin: 'environment' as const,
  models: [],
  headers: {},
  enabled: true,
  credential_header: null,
  created_at: null,
  updated_at: null,
};

const BUILT_IN: ProviderReply = {
  ...ENVIRONMENT,
  id: DEMO_PROVIDER,
  name: DEMO_PROVIDER,
  kind: 'demo',
  base_url: null,
  credentials: [],
  catalogue: null,
};

/** Shows providers as the API does: never a key, and how each fares on this replica. */
@Injectable()
export class ProviderListing {
  constructor(
    @Inject(ProviderTable) private readonly table: ProviderTable,
    @Inject(CONFIG) private readonly config: CerebraConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Those that the environment configures. */
  environment(): readonly ProviderReply[] {
    const accounts = configuredAccounts(this.config).filter(({ name }) => this.table.isTaken(name));
    return [...(this.config.demo ? [BUILT_IN] : []), ...accounts.map((account) => this.#configured(account))];
  }

  stored(row: ProviderRow): ProviderReply {
    const provider = this.table.stored(row.id);
    return {
      id: row.id,
      name: row.name,
      kind: row.kind,
      origin: 'api',
      base_url: row.baseUrl,
      credentials: row.credentials.map((credential) => this.#credential(credential, provider)),
      models: row.models,
      headers: row.headers,
      enabled: row.enabled,
      credential_header: row.credentialHeader,
      catalogue: row.catalogue,
      created_at: row.createdAt.toISOString(),
      updated_at: row.updatedAt.toISOString(),
    };
  }

  #configured({ name, kind, baseUrl, keys }: ConfiguredAccount): ProviderReply {
    const provider = this.table.named(name);
    const credentials = keys.map(({ id, apiKey, weight }) =>
      this.#credential({ id, last4: endOf(apiKey), weight }, provider),
    );
    const { catalogue } = kinds[kind];
    return { ...ENVIRONMENT, id: name, name, kind, base_url: baseUrl, credentials, catalogue };
  }

  #credential({ id, last4, weight }: SealedCredential, provider: Provider | null): Shown {
    const credential = provider?.address?.credentials.all.find((one) => one.id === id);
    return { id, last4, weight, ...this.#state(credential) };
  }

  #state(credential: Credential | undefined): Pick<Shown, 'state' | 'rests_until'> {
    if (credential === undefined) return { state: 'unreadable', rests_until: null };
    const now = this.clock.now();
    const resting = credential.restsUntilMs > now;
    return {
      state: credential.stateAt(now),
      rests_until: resting ? new Date(credential.restsUntilMs).toISOString() : null,
    };
  }
}
