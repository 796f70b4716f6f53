import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull, Not, type EntityManager } from 'typeorm';
import { conflict, notFound } from '../../../platform/errors/platform.errors.js';
import { Revisions } from '../../revisions/revisions.js';
import { Key } from '../key.entity.js';
import { HIERARCHY } from './owner-map.js';
import { settleReferences } from './owner-references.js';
import { OwnerRow } from './owner.entity.js';
import { ownerWords, type OwnerKind, type Parents } from './owner.js';
import type { OwnersQuery } from './owners.dto.js';

/** All of them are held in memory on every replica, at some 300 bytes each. */
const OWNERS_MAX = 100_000;

/** `cerebra.owners`. Every write bears the revision by which the other replicas notice it. */
@Injectable()
export class OwnersRepository {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Revisions) private readonly revisions: Revisions,
  ) {}

  find(kind: OwnerKind, id: string): Promise<OwnerRow | null> {
    return this.dataSource.manager.findOneBy(OwnerRow, { kind, id, deletedAt: IsNull() });
  }

  /** The newest first, one more than asked for. */
  async list(kind: OwnerKind, query: OwnersQuery): Promise<{ found: OwnerRow[]; total: number }> {
    const { cursor, limit, org_id: orgId, team_id: teamId } = query;
    const builder = this.dataSource.manager.createQueryBuilder(OwnerRow, 'owner').where({ kind, deletedAt: IsNull() });
    if (orgId !== undefined) builder.andWhere({ orgId });
    if (teamId !== undefined) builder.andWhere({ teamId });
    const total = await builder.getCount();
    if (cursor !== undefined) {
      builder.andWhere('(owner.created_at, owner.id) < (:time, :id)', { time: cursor[0], id: cursor[1] });
    }
    builder.orderBy('owner.createdAt', 'DESC').addOrderBy('owner.id', 'DESC');
    return { found: await builder.take(limit + 1).getMany(), total };
  }

  /** An id that was deleted can be taken again. */
  insert({ orgId, teamId, ...fields }: Omit<OwnerRow, 'revision'>): Promise<OwnerRow> {
    return this.#write(async (manager, revision) => {
      const { kind, id } = fields;
      if ((await manager.findOneBy(OwnerRow, { kind, id, deletedAt: IsNull() })) !== null) {
        throw conflict(`There is a${kind === 'team' ? '' : 'n'} ${ownerWords[kind].toLowerCase()} '${id}' already.`);
      }
      if ((await liveOwners(manager)) >= OWNERS_MAX) {
        throw conflict(`There are ${OWNERS_MAX} organizations, teams and agents, which is the most that there can be.`);
      }
      const parents = await settleReferences(manager, { orgId, teamId, agentId: null });
      return manager.save(manager.create(OwnerRow, { ...fields, ...parents, revision }));
    });
  }

  update(kind: OwnerKind, id: string, name: string, parents: Parents, at: Date): Promise<OwnerRow> {
    return this.#write(async (manager, revision) => {
      const row = await existing(manager, kind, id);
      const settled = await settleReferences(manager, { ...parents, agentId: null });
      const { orgId, teamId } = settled;
      return manager.save(Object.assign(row, { name, orgId, teamId, updatedAt: at, revision }));
    });
  }

  /** @throws {AppError} 409 while something stands below it */
  remove(kind: OwnerKind, id: string, at: Date): Promise<void> {
    return this.#write(async (manager, revision) => {
      const row = await existing(manager, kind, id);
      // First the row, which waits for whoever is about to refer to it.
      await manager.save(Object.assign(row, { deletedAt: at, revision }));
      const below = await countBelow(manager, kind, id);
      if (below === '') return;
      throw conflict(`${ownerWords[kind]} '${id}' still has ${below}: move or delete those first.`);
    });
  }

  /**
   * Makes those that are not there yet, as far as there is room: another replica may have been faster.
   * @returns how many there was no room for
   */
  insertMissing(owners: readonly { readonly kind: OwnerKind; readonly id: string }[], at: Date): Promise<number> {
    return this.#write(async (manager, revision) => {
      const room = Math.max(0, OWNERS_MAX - (await liveOwners(manager)));
      const taken = owners.slice(0, room);
      await manager.query(
        `INSERT INTO cerebra.owners AS o (kind, id, name, origin, created_at, updated_at, revision)
         SELECT kind, id, id, 'header', $3, $3, $4 FROM unnest($1::text[], $2::text[]) AS seen (kind, id)
         ON CONFLICT (kind, id) DO UPDATE
         SET name = excluded.name, org_id = NULL, team_id = NULL, origin = 'header', created_at = $3, updated_at = $3,
             deleted_at = NULL, revision = $4
         WHERE o.deleted_at IS NOT NULL`,
        [taken.map(({ kind }) => kind), taken.map(({ id }) => id), at, revision],
      );
      return owners.length - taken.length;
    });
  }

  /** Writers stand in line for the revision, so what one reads is what it changes. */
  #write<Result>(change: (manager: EntityManager, revision: string) => Promise<Result>): Promise<Result> {
    return this.dataSource.transaction(async (manager) =>
      change(manager, await this.revisions.bump(manager, HIERARCHY)),
    );
  }
}

const liveOwners = (manager: EntityManager): Promise<number> => manager.countBy(OwnerRow, { deletedAt: IsNull() });

async function existing(manager: EntityManager, kind: OwnerKind, id: string): Promise<OwnerRow> {
  const row = await manager.findOneBy(OwnerRow, { kind, id, deletedAt: IsNull() });
  if (row === null) throw notFound(`${ownerWords[kind]} '${id}'`);
  return row;
}

/** What stands below, for people; empty: nothing. */
async function countBelow(manager: EntityManager, kind: OwnerKind, id: string): Promise<string> {
  const column = `${kind}Id`;
  const owners =
    kind === 'agent' ? 0 : await manager.countBy(OwnerRow, { kind: Not(kind), [column]: id, deletedAt: IsNull() });
  const keys = await manager.countBy(Key, { [column]: id, revokedAt: IsNull() });
  const parts = [counted(owners, kind === 'org' ? 'team or agent' : 'agent'), counted(keys, 'key')];
  return parts.filter((part) => part !== '').join(' and ');
}

const counted = (count: number, what: string): string =>
  count === 0 ? '' : `${count} ${count === 1 ? what : what.replace(/\b(team|agent|key)\b/g, '$1s')}`;
