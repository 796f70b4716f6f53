import { Inject, Injectable } from '@nestjs/common';
import { DataSource, QueryFailedError } from 'typeorm';
import { conflict, notFound } from '../../platform/errors/platform.errors.js';
import { ClusterRow } from './cluster.entity.js';
import type { ClustersQuery } from './clusters.dto.js';
import type { Probe } from './probe.js';

/** All of them are looked at every minute. */
const CLUSTERS_MAX = 1_000;
const [UNIQUE_VIOLATION, FOREIGN_KEY_VIOLATION] = ['23505', '23503'];

export type ClusterChanges = Pick<ClusterRow, 'name' | 'updatedAt'> & Partial<ClusterRow>;

/** `aegis.clusters`. */
@Injectable()
export class ClustersRepository {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  find(id: string): Promise<ClusterRow | null> {
    return this.dataSource.manager.findOneBy(ClusterRow, { id });
  }

  /** An id goes before a name. */
  async findByIdOrName(reference: string): Promise<ClusterRow | null> {
    return (await this.find(reference)) ?? this.dataSource.manager.findOneBy(ClusterRow, { name: reference });
  }

  all(): Promise<ClusterRow[]> {
    return this.dataSource.manager.find(ClusterRow, { order: { id: 'ASC' }, take: CLUSTERS_MAX });
  }

  /** The newest first, one more than asked for. */
  async list({ cursor, limit }: ClustersQuery): Promise<{ found: ClusterRow[]; total: number }> {
    const query = this.dataSource.manager.createQueryBuilder(ClusterRow, 'cluster');
    const total = await query.getCount();
    if (cursor !== undefined) {
      query.where('(cluster.created_at, cluster.id) < (:time, :id)', { time: cursor[0], id: cursor[1] });
    }
    query.orderBy('cluster.createdAt', 'DESC').addOrderBy('cluster.id', 'DESC');
    return { found: await query.take(limit + 1).getMany(), total };
  }

  /** @throws {AppError} 409 where the name is taken */
  async insert(row: ClusterRow): Promise<ClusterRow> {
    if ((await this.dataSource.manager.count(ClusterRow)) >= CLUSTERS_MAX) {
      throw conflict(`There are ${CLUSTERS_MAX} clusters, which is the most that there can be.`);
    }
    await refusingDoubles(row.name, () => this.dataSource.manager.insert(ClusterRow, row));
    return row;
  }

  /**
   * @returns the row as it is now, and the secret that it named before
   * @throws {AppError} 404, or 409 where the name is taken
   */
  change(id: string, changes: ClusterChanges): Promise<{ row: ClusterRow; formerSecretId: string | null }> {
    return this.dataSource.transaction(async (manager) => {
      // Of two changes at once, each has to see the secret that the other leaves behind.
      const row = await manager.findOne(ClusterRow, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (row === null) throw notFound(`Cluster '${id}'`);
      const formerSecretId = row.secretId;
      await refusingDoubles(changes.name, () => manager.update(ClusterRow, { id }, changes));
      return { row: Object.assign(row, changes), formerSecretId };
    });
  }

  /** What was found with the credential that the row had then; a credential that came since is left to the next look. */
  async note({ id, secretId }: ClusterRow, { status, reason, version }: Probe, at: Date): Promise<void> {
    const found = { status, statusReason: reason, checkedAt: at, ...(version === null ? {} : { version }) };
    const query = this.dataSource.manager.createQueryBuilder().update(ClusterRow).set(found);
    await query.where('id = :id AND secret_id IS NOT DISTINCT FROM :secretId', { id, secretId }).execute();
  }

  /** @throws {AppError} 409 where something cannot be without it */
  async delete({ id, name }: ClusterRow): Promise<void> {
    try {
      await this.dataSource.manager.delete(ClusterRow, { id });
    } catch (error) {
      if (codeOf(error) !== FOREIGN_KEY_VIOLATION) throw error;
      throw conflict(`The cluster '${name}' is in use: delete the policies and stop the jobs that name it first.`);
    }
  }
}

async function refusingDoubles(name: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (codeOf(error) !== UNIQUE_VIOLATION) throw error;
    throw conflict(`There is a cluster '${name}' already.`);
  }
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof QueryFailedError)) return null;
  const cause: unknown = error.driverError;
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : null;
}
