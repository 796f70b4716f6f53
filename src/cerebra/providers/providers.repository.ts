import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import { conflict, notFound } from '../../platform/errors/platform.errors.js';
import { Revisions } from '../revisions/revisions.js';
import { ProviderRow } from './provider.entity.js';
import { PROVIDERS } from './stored-providers.js';

/** All of them are held in memory on every replica, with their connections. */
const PROVIDERS_MAX = 200;

/** `cerebra.providers`. Every write bears the revision by which the other replicas notice it. */
@Injectable()
export class ProvidersRepository {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Revisions) private readonly revisions: Revisions,
  ) {}

  all(): Promise<ProviderRow[]> {
    return this.dataSource.manager.findBy(ProviderRow, { deletedAt: IsNull() });
  }

  /** @param given an id or a name */
  find(given: string, manager: EntityManager = this.dataSource.manager): Promise<ProviderRow | null> {
    const alive = { deletedAt: IsNull() };
    return manager.findOne(ProviderRow, {
      where: [
        { id: given, ...alive },
        { name: given, ...alive },
      ],
    });
  }

  /** @param make what is stored; its secrets are sealed in the same transaction */
  insert(name: string, make: (manager: EntityManager) => Promise<Omit<ProviderRow, 'revision'>>): Promise<ProviderRow> {
    return this.dataSource.transaction(async (manager) => {
      // Writers stand in line for the revision, so none takes the name in between.
      const revision = await this.revisions.bump(manager, PROVIDERS);
      if ((await manager.findOneBy(ProviderRow, { name, deletedAt: IsNull() })) !== null) {
        throw conflict(`There is a provider '${name}' already: choose another name, or change that one.`);
      }
      if ((await manager.countBy(ProviderRow, { deletedAt: IsNull() })) >= PROVIDERS_MAX) {
        throw conflict(`There are ${PROVIDERS_MAX} providers, which is the most that there can be: delete some first.`);
      }
      return manager.save(manager.create(ProviderRow, { ...(await make(manager)), revision }));
    });
  }

  /** @param edit what is to be changed of the row */
  change(
    given: string,
    edit: (row: ProviderRow, manager: EntityManager) => Promise<Partial<ProviderRow>>,
  ): Promise<ProviderRow> {
    return this.dataSource.transaction(async (manager) => {
      const revision = await this.revisions.bump(manager, PROVIDERS);
      const row = await this.find(given, manager);
      if (row === null) throw notFound(`Provider '${given}'`);
      return manager.save(Object.assign(row, await edit(row, manager), { revision }));
    });
  }
}
