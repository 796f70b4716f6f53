import { randomUUIDv7 } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { conflict, invalid, notFound } from '../../platform/errors/platform.errors.js';
import type { AppError } from '../../platform/errors/app-error.js';
import type { Clock } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import { SealedCredentials, type SealedCredential } from './credentials/sealed-credentials.js';
import { DEMO_PROVIDER } from './demo/price.js';
import { kinds } from './kinds.js';
import { ProviderListing } from './provider-listing.js';
import type { ProviderRow } from './provider.entity.js';
import { ProviderTable } from './provider-table.js';
import type { NewProvider, ProviderReply, ProviderSettings, ProvidersQuery } from './providers.dto.js';
import { ProvidersRepository } from './providers.repository.js';
import { StoredProviders } from './stored-providers.js';

/** Those to be kept by their ids, and new ones. */
type Credentials = readonly NonNullable<ProviderSettings['credentials']>[number][];

/** Makes and changes providers, and shows them beside those of the environment. */
@Injectable()
export class ProvidersService {
  constructor(
    @Inject(ProvidersRepository) private readonly repository: ProvidersRepository,
    @Inject(SealedCredentials) private readonly credentials: SealedCredentials,
    @Inject(StoredProviders) private readonly stored: StoredProviders,
    @Inject(ProviderTable) private readonly table: ProviderTable,
    @Inject(ProviderListing) private readonly listing: ProviderListing,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** From the cursor on, all of them: they are few. */
  async list({ cursor }: ProvidersQuery): Promise<{ found: ProviderReply[]; total: number }> {
    const rows = await this.repository.all();
    const all = [...this.listing.environment(), ...rows.map((row) => this.listing.stored(row))].sort(inOrder);
    const found = cursor === undefined ? all : all.filter((one) => compare(positionOf(one), cursor) > 0);
    return { found, total: all.length };
  }

  /** @param given an id or a name */
  async get(given: string): Promise<ProviderReply> {
    const configured = this.listing.environment().find(({ id }) => id === given);
    if (configured !== undefined) return configured;
    const row = await this.repository.find(given);
    if (row === null) throw notFound(`Provider '${given}'`);
    return this.listing.stored(row);
  }

  async create({ name, credentials, ...settings }: NewProvider): Promise<ProviderReply> {
    if (this.table.isTaken(name)) throw ofEnvironment(name);
    const now = new Date(this.clock.now());
    const row = await this.repository.insert(name, async (manager) => ({
      id: randomUUIDv7(),
      name,
      ...columnsOf(settings),
      credentials: await this.#seal(credentials, [], manager),
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
    }));
    await this.stored.refresh();
    return this.listing.stored(row);
  }

  /** Calls that are running end as they began. */
  async update(given: string, { name, credentials, ...settings }: ProviderSettings): Promise<ProviderReply> {
    if (this.table.isTaken(given)) throw ofEnvironment(given);
    const row = await this.repository.change(given, async (former, manager) => {
      if (name !== undefined && name !== former.name) {
        throw invalid({ name: `Expected '${former.name}', as it is: for another name, make another provider.` });
      }
      const columns = { ...columnsOf(settings), updatedAt: new Date(this.clock.now()) };
      const kept = credentials ?? former.credentials;
      if (kept.length === 0 && columns.baseUrl === null) {
        throw invalid({ credentials: 'Expected a key, since there is no base_url.' });
      }
      return { ...columns, credentials: await this.#replace(former, kept, manager) };
    });
    await this.stored.refresh();
    return this.listing.stored(row);
  }

  /** Its keys go with it. */
  async delete(given: string): Promise<void> {
    if (this.table.isTaken(given)) throw ofEnvironment(given);
    await this.repository.change(given, async (former, manager) => ({
      credentials: await this.#replace(former, [], manager),
      deletedAt: new Date(this.clock.now()),
    }));
    await this.stored.refresh();
  }

  async #replace(
    former: ProviderRow,
    given: Credentials,
    manager: EntityManager,
  ): Promise<readonly SealedCredential[]> {
    const sealed = await this.#seal(given, former.credentials, manager);
    const left = new Set(sealed.map(({ id }) => id));
    for (const { id } of former.credentials) if (!left.has(id)) await this.credentials.discard(id, manager);
    return sealed;
  }

  async #seal(
    given: Credentials,
    former: readonly SealedCredential[],
    manager: EntityManager,
  ): Promise<readonly SealedCredential[]> {
    const sealed: SealedCredential[] = [];
    for (const [place, one] of given.entries()) {
      if ('api_key' in one) sealed.push(await this.credentials.seal(one.api_key, one.weight, manager));
      else sealed.push(kept(one, place, former, sealed));
    }
    return sealed;
  }
}

/** By name; one that the environment hides stands behind it. */
export const positionOf = ({ name, origin }: ProviderReply): [string, string] => [
  name,
  origin === 'environment' ? '0' : '1',
];

const compare = (one: readonly string[], another: readonly string[]): number => {
  const [first, second] = [one.join('\n'), another.join('\n')];
  return first < second ? -1 : Number(first > second);
};

const inOrder = (one: ProviderReply, another: ProviderReply): number => compare(positionOf(one), positionOf(another));

function kept(
  { id, weight }: { id: string; weight: number },
  place: number,
  former: readonly SealedCredential[],
  before: readonly SealedCredential[],
): SealedCredential {
  const found = former.find((one) => one.id === id);
  if (found === undefined || before.some((one) => one.id === id)) {
    throw invalid({ [`credentials.${place}.id`]: `Expected, once, the id of a credential that it has, not '${id}'.` });
  }
  return { ...found, weight };
}

const columnsOf = (settings: Omit<NewProvider, 'name' | 'credentials'>) => ({
  kind: settings.kind,
  baseUrl: settings.base_url,
  models: settings.models,
  headers: settings.headers,
  enabled: settings.enabled,
  credentialHeader: settings.credential_header,
  catalogue: settings.catalogue === undefined ? kinds[settings.kind].catalogue : settings.catalogue,
});

const ofEnvironment = (name: string): AppError => {
  const variables =
    name === DEMO_PROVIDER ? 'CEREBRA_DEMO' : `${name.toUpperCase()}_API_KEY, ${name.toUpperCase()}_BASE_URL`;
  return conflict(
    `Provider '${name}' is configured by the environment (${variables}): change that and start again, or make a ` +
      'provider with another name.',
  );
};
