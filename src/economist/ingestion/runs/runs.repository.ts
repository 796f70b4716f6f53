import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { AppError } from '../../../platform/errors/app-error.js';
import { notFound, platformErrors } from '../../../platform/errors/platform.errors.js';
import { SourceRow } from '../../sources/source.entity.js';
import { isOver } from './run.js';
import { RunRow, type NamedRun } from './run.entity.js';
import type { RunRequest } from './run-request.js';
import type { RunsQuery } from './runs.dto.js';

/** Of one source, waiting or at work. */
const MOST_UNFINISHED = 100;

export type NewRun = Pick<RunRow, 'id' | 'sourceId' | 'kind' | 'createdAt'> & { readonly request: RunRequest };

/** `economist.runs`, as users ask for them. */
@Injectable()
export class RunsRepository {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** @throws {AppError} 404 */
  async get(id: string): Promise<NamedRun> {
    const run = await this.dataSource.manager.findOneBy(RunRow, { id });
    const [named] = run === null ? [] : await this.named([run]);
    if (named === undefined) throw notFound(`Run '${id}'`);
    return named;
  }

  /** The newest first, one more than asked for. @param sourceId null: of all sources */
  async list({ status, kind, cursor, limit }: RunsQuery, sourceId: string | null): Promise<NamedRun[]> {
    const query = this.dataSource.manager.createQueryBuilder(RunRow, 'run');
    if (sourceId !== null) query.andWhere({ sourceId });
    if (status !== undefined) query.andWhere({ status });
    if (kind !== undefined) query.andWhere({ kind });
    if (cursor !== undefined) {
      query.andWhere('(run.created_at, run.id) < (:time, :id)', { time: cursor[0], id: cursor[1] });
    }
    query.orderBy('run.createdAt', 'DESC').addOrderBy('run.id', 'DESC');
    return this.named(await query.take(limit + 1).getMany());
  }

  /** @throws {AppError} 429 where too many of the source wait already */
  async insert({ id, sourceId, kind, createdAt, request }: NewRun): Promise<void> {
    const inserted: unknown[] = await this.dataSource.query(
      `INSERT INTO economist.runs (id, source_id, kind, status, request, created_at)
       SELECT $1, $2, $3, 'queued', $4, $5
       WHERE (SELECT count(*) FROM economist.runs WHERE source_id = $2 AND status IN ('queued', 'running')) < $6
       RETURNING id`,
      [id, sourceId, kind, request, createdAt, MOST_UNFINISHED],
    );
    if (inserted.length === 1) return;
    const message = `${MOST_UNFINISHED} runs of this source wait already. Send more once some are over, or cancel them.`;
    throw new AppError(platformErrors.rateLimited, message);
  }

  /** Whether a sync of the source waits to begin. */
  async hasQueuedSync(sourceId: string): Promise<boolean> {
    const where = { sourceId, status: 'queued', kind: In(['sync', 'backfill']) } as const;
    return (await this.dataSource.manager.countBy(RunRow, where)) > 0;
  }

  /** One that waits is over at once; one at work is told. @returns false where it was over already */
  async cancel(id: string, at: Date): Promise<boolean> {
    const { run } = await this.get(id);
    if (isOver(run.status)) return run.status === 'cancelled';
    const asked: unknown[] = await this.dataSource.query(
      `WITH told AS (
         UPDATE economist.runs SET cancel_asked = true, revision = revision + 1,
           completed_at = CASE status WHEN 'queued' THEN $2::timestamptz END,
           status = CASE status WHEN 'queued' THEN 'cancelled' ELSE status END
         WHERE id = $1 AND status IN ('queued', 'running') RETURNING id
       ) SELECT id FROM told`,
      [id, at],
    );
    return asked.length === 1;
  }

  private async named(runs: readonly RunRow[]): Promise<NamedRun[]> {
    const ids = [...new Set(runs.map(({ sourceId }) => sourceId))];
    const sources = await this.dataSource.manager.findBy(SourceRow, { id: In(ids) });
    const names = new Map(sources.map(({ id, name }) => [id, name]));
    return runs.map((run) => ({ run, source: names.get(run.sourceId) ?? run.sourceId }));
  }
}
