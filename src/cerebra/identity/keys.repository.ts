import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import { conflict, notFound } from '../../platform/errors/platform.errors.js';
import { Revisions } from '../revisions/revisions.js';
import { Key } from './key.entity.js';
import { KEYS } from './key-map.js';
import type { Named } from './owners/owner.js';
import { settleReferences } from './owners/owner-references.js';
import type { KeysQuery } from './keys.dto.js';

/** All of them are held in memory on every replica, at some 600 bytes each. */
const KEYS_MAX = 200_000;

/** `cerebra.keys`. A revoked key stays as a row, since the ledger names it; here it no longer exists. */
@Injectable()
export class KeysRepository {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Revisions) private readonly revisions: Revisions,
  ) {}

  find(id: string): Promise<Key | null> {
    return this.dataSource.manager.findOneBy(Key, { id, revokedAt: IsNull() });
  }

  /** The newest first, one more than asked for. */
  async list({ cursor, limit }: KeysQuery): Promise<{ found: Key[]; total: number }> {
    const query = this.dataSource.manager.createQueryBuilder(Key, 'key').where({ revokedAt: IsNull() });
    const total = await query.getCount();
    if (cursor !== undefined) {
      query.andWhere('(key.created_at, key.id) < (:time, :id)', { time: cursor[0], id: cursor[1] });
    }
    query.orderBy('key.createdAt', 'DESC').addOrderBy('key.id', 'DESC');
    return { found: await query.take(limit + 1).getMany(), total };
  }

  /** @param beside what belongs to the key, done in the same transaction */
  insert(fields: Omit<Key, 'revision'>, beside: (manager: EntityManager) => Promise<void>): Promise<Key> {
    return this.dataSource.transaction(async (manager) => {
      const revision = await this.revisions.bump(manager, KEYS);
      if ((await manager.countBy(Key, { revokedAt: IsNull() })) >= KEYS_MAX) {
        throw conflict(`There are ${KEYS_MAX} keys, which is the most that there can be: revoke some first.`);
      }
      const owners = await settleReferences(manager, fields);
      const key = await manager.save(manager.create(Key, { ...fields, ...owners, revision }));
      await beside(manager);
      return key;
    });
  }

  change(id: string, edit: (key: Key) => Partial<Key>): Promise<Key> {
    return this.write(id, async (_, key) => edit(key));
  }

  /** With organisation, team and agent as given by id or name. */
  update(id: string, fields: Partial<Key> & Named): Promise<Key> {
    return this.write(id, async (manager) => ({ ...fields, ...(await settleReferences(manager, fields)) }));
  }

  /** Writers stand in line for the revision, so what `edit` sees is what it changes. */
  private write(id: string, edit: (manager: EntityManager, key: Key) => Promise<Partial<Key>>): Promise<Key> {
    return this.dataSource.transaction(async (manager) => {
      const revision = await this.revisions.bump(manager, KEYS);
      const key = await manager.findOneBy(Key, { id, revokedAt: IsNull() });
      if (key === null) throw notFound(`Key '${id}'`);
      return manager.save(Object.assign(key, await edit(manager, key), { revision }));
    });
  }
}
