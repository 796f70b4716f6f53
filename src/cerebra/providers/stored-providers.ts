import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource, MoreThan } from 'typeorm';
import { LOGGER } from '../../platform/tokens.js';
import { Revisions } from '../revisions/revisions.js';
import { SealedCredentials } from './credentials/sealed-credentials.js';
import { hosted } from './hosted-api.js';
import { kinds } from './kinds.js';
import { ProviderRow } from './provider.entity.js';
import { ProviderTable, type StoredProvider } from './provider-table.js';
import type { Availability } from './provider.js';

/** What is followed in `cerebra.revisions`. */
export const PROVIDERS = 'providers';

/** Keeps the providers that are made by the API in the provider table, on every replica. */
@Injectable()
export class StoredProviders implements OnModuleInit {
  private read: (() => Promise<void>) | null = null;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Revisions) private readonly revisions: Revisions,
    @Inject(SealedCredentials) private readonly credentials: SealedCredentials,
    @Inject(ProviderTable) private readonly table: ProviderTable,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    this.read = await this.revisions.follow(PROVIDERS, (revision) => this.readChanges(revision));
  }

  /** For the replica that wrote: its own change holds before it answers. The others poll. */
  async refresh(): Promise<void> {
    await this.read?.();
  }

  private async readChanges(after: bigint): Promise<bigint> {
    const changed = await this.dataSource.manager.find(ProviderRow, {
      where: { revision: MoreThan(after.toString()) },
      order: { revision: 'ASC' },
    });
    let newest = after;
    for (const row of changed) {
      this.table.set(row.id, row.deletedAt === null ? await this.build(row) : null);
      newest = BigInt(row.revision);
    }
    return newest;
  }

  /** Every credential of a changed provider has a fresh start. */
  private async build(row: ProviderRow): Promise<StoredProvider> {
    const { name, kind, baseUrl, credentials, credentialHeader, headers, models, catalogue } = row;
    if (this.table.isTaken(name)) {
      this.log.warn({ provider: name }, 'a stored provider is hidden by the one of its name in the environment');
    }
    const keys = await this.credentials.open(name, credentials);
    const preferred = models.length > 0;
    // On a server of one's own, plain names mean nothing unless it is said which.
    const patterns = preferred || baseUrl !== null ? models : null;
    const account = { name, baseUrl, keys, credentialHeader, headers, models: patterns };
    const availability = availabilityOf(row, keys.length);
    const provider = hosted(kinds[kind].hosted, { ...account, availability }, this.table.services);
    return { provider, preferred, catalogue };
  }
}

function availabilityOf({ enabled, credentials }: ProviderRow, opened: number): Availability {
  if (!enabled) return 'disabled';
  return opened === 0 && credentials.length > 0 ? 'sealed' : 'open';
}
