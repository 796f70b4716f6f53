import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type QueryRunner } from 'typeorm';

export type Held<Result> = { readonly kind: 'held'; readonly result: Result } | { readonly kind: 'busy' };

/**
 * One worker at a time for each source, on all replicas: a lock of the database session, which goes with its process,
 * however that ends.
 */
@Injectable()
export class SourceLocks {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /**
   * @param work gets the connection that holds the lock: what is written by it is written under the lock, for a lost
   * connection can write nothing more
   */
  async hold<Result>(sourceId: string, work: (connection: QueryRunner) => Promise<Result>): Promise<Held<Result>> {
    const connection = this.dataSource.createQueryRunner();
    try {
      const [row] = await connection.manager.query<{ locked: boolean }[]>(
        `SELECT pg_try_advisory_lock(hashtextextended('economist.source ' || $1, 0)) AS locked`,
        [sourceId],
      );
      if (row?.locked !== true) return { kind: 'busy' };
      try {
        return { kind: 'held', result: await work(connection) };
      } finally {
        await unlock(connection, sourceId);
      }
    } finally {
      await connection.release();
    }
  }
}

/** Where the connection is lost, the lock went with it; what happened to it is told by the work. */
async function unlock(connection: QueryRunner, sourceId: string): Promise<void> {
  if (connection.isReleased) return;
  await connection
    .query(`SELECT pg_advisory_unlock(hashtextextended('economist.source ' || $1, 0))`, [sourceId])
    .catch(() => undefined);
}
