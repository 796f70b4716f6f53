import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull, Not, type EntityManager } from 'typeorm';
import { conflict, notFound } from '../../platform/errors/platform.errors.js';
import { SourceRow } from './source.entity.js';
import type { SourcesQuery } from './sources.dto.js';

/** Each that has a schedule is looked at every minute. */
const SOURCES_MAX = 1_000;

/** `economist.sources`. One that was deleted stays as a row, for its runs name it; here it no longer exists. */
@Injectable()
export class SourcesRepository {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** @param given an id or a name */
  async find(given: string, manager: EntityManager = this.dataSource.manager): Promise<SourceRow | null> {
    const alive = { deletedAt: IsNull() };
    const where = [
      { id: given, ...alive },
      { name: given, ...alive },
    ];
    return manager.findOne(SourceRow, { where });
  }

  /** @throws {AppError} 404 */
  async get(given: string): Promise<SourceRow> {
    const row = await this.find(given);
    if (row === null) throw notFound(`Source '${given}'`);
    return row;
  }

  /** By their names, one more than asked for. */
  async list({ type, cursor, limit }: SourcesQuery): Promise<{ found: SourceRow[]; total: number }> {
    const query = this.dataSource.manager.createQueryBuilder(SourceRow, 'source').where({ deletedAt: IsNull() });
    if (type !== undefined) query.andWhere({ type });
    const total = await query.getCount();
    if (cursor !== undefined) query.andWhere('source.name > :name', { name: cursor[0] });
    return {
      found: await query
        .orderBy('source.name')
        .take(limit + 1)
        .getMany(),
      total,
    };
  }

  /** Those that sync by themselves. */
  scheduled(): Promise<SourceRow[]> {
    return this.dataSource.manager.findBy(SourceRow, { enabled: true, schedule: Not(IsNull()), deletedAt: IsNull() });
  }

  /** @param make what is stored; its credentials are sealed in the same transaction */
  insert(name: string, make: (manager: EntityManager) => Promise<SourceRow>): Promise<SourceRow> {
    return this.inLine(async (manager) => {
      await refuseTaken(manager, name);
      if ((await manager.countBy(SourceRow, { deletedAt: IsNull() })) >= SOURCES_MAX) {
        throw conflict(`There are ${SOURCES_MAX} sources, which is the most that there can be: delete some first.`);
      }
      return manager.save(manager.create(SourceRow, await make(manager)));
    });
  }

  /** @param edit what is to be changed of the row */
  change(
    given: string,
    edit: (row: SourceRow, manager: EntityManager) => Promise<Partial<SourceRow>>,
  ): Promise<SourceRow> {
    return this.inLine(async (manager) => {
      const row = await this.find(given, manager);
      if (row === null) throw notFound(`Source '${given}'`);
      const changes = await edit(row, manager);
      if (changes.name !== undefined && changes.name !== row.name) await refuseTaken(manager, changes.name);
      return manager.save(Object.assign(row, changes));
    });
  }

  /** @returns false where another replica has met the slot, or the source no longer has a schedule */
  async meetSlot(id: string, slot: Date): Promise<boolean> {
    const { affected } = await this.dataSource.manager
      .createQueryBuilder()
      .update(SourceRow)
      .set({ scheduledUntil: slot })
      .where('id = :id AND enabled AND deleted_at IS NULL AND schedule IS NOT NULL', { id })
      .andWhere('scheduled_until < :slot', { slot })
      .execute();
    return affected === 1;
  }

  async noteSync(id: string, at: Date): Promise<void> {
    await this.dataSource.manager.update(SourceRow, { id }, { lastSyncAt: at });
  }

  /** Writers stand in line, so that none takes a name in between. */
  private inLine(write: (manager: EntityManager) => Promise<SourceRow>): Promise<SourceRow> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('economist.sources', 0))`);
      return write(manager);
    });
  }
}

async function refuseTaken(manager: EntityManager, name: string): Promise<void> {
  if ((await manager.findOneBy(SourceRow, { name, deletedAt: IsNull() })) === null) return;
  throw conflict(`There is a source '${name}' already: choose another name, or change that one.`);
}
