import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import type { ProviderUsage, RowCounts, RunError, RunProgress, RunSlice, RunStatus } from '../runs/run.js';
import { RunRow } from '../runs/run.entity.js';

/** What a delivery brought, to be told of its run. */
export interface DoneDelivery {
  readonly key: string;
  readonly counts: RowCounts;
  readonly slices: readonly RunSlice[];
}

/** `economist.runs`, as workers move them on. */
@Injectable()
export class RunWork {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** The one to work on now: one that a worker began and did not end, else the one that waits longest. */
  async nextOf(sourceId: string): Promise<string | null> {
    const [next]: { id: string }[] = await this.dataSource.query(
      `SELECT id FROM economist.runs WHERE source_id = $1 AND status IN ('queued', 'running')
       ORDER BY status DESC, created_at, id LIMIT 1`,
      [sourceId],
    );
    return next?.id ?? null;
  }

  /** @returns null where it is over meanwhile */
  async take(id: string, at: Date): Promise<RunRow | null> {
    await this.dataSource.query(
      `UPDATE economist.runs SET status = 'running', attempts = attempts + 1, started_at = coalesce(started_at, $2),
         alive_at = $2, revision = revision + 1
       WHERE id = $1 AND status IN ('queued', 'running')`,
      [id, at],
    );
    return this.dataSource.manager.findOneBy(RunRow, { id, status: 'running' });
  }

  /** Says that it is at work, and how far it is. @returns whether it is to be cancelled */
  async beat(id: string, at: Date, progress: RunProgress, usage: ProviderUsage): Promise<boolean> {
    const [row]: { cancel_asked: boolean }[] = await this.dataSource.query(
      `WITH beaten AS (
         UPDATE economist.runs SET alive_at = $2, progress = $3, provider_requests = $4, provider_cost_usd = $5,
           waited_ms = $6, revision = revision + 1
         WHERE id = $1 AND status = 'running' RETURNING cancel_asked
       ) SELECT cancel_asked FROM beaten`,
      [id, at, progress, usage.requests, usage.costUsd, usage.waitedMs],
    );
    return row?.cancel_asked ?? true;
  }

  /** In the transaction that swaps the delivery in, so that whoever takes the run over does not do it again. */
  async noteDelivery(manager: EntityManager, id: string, { key, counts, slices }: DoneDelivery): Promise<void> {
    await manager.query(
      `UPDATE economist.runs SET done_deliveries = done_deliveries || jsonb_build_array($2::text),
         accepted_rows = accepted_rows + $3, repaired_rows = repaired_rows + $4, rejected_rows = rejected_rows + $5,
         slices = slices || $6::jsonb, followed_up = followed_up AND $7, revision = revision + 1
       WHERE id = $1`,
      [
        id,
        key,
        counts.accepted,
        counts.repaired,
        counts.rejected,
        JSON.stringify(slices),
        slices.every(({ state }) => state === 'unchanged'),
      ],
    );
  }

  /** @returns the run as it has ended; null where it was over already */
  async finish(id: string, at: Date, status: RunStatus, error: RunError | null): Promise<RunRow | null> {
    const finished: unknown[] = await this.dataSource.query(
      `WITH finished AS (
         UPDATE economist.runs SET status = $3, error = $4, completed_at = $2, revision = revision + 1,
           progress = CASE WHEN $3 LIKE 'completed%'
             THEN progress || '{"percent": 100, "eta_seconds": 0}' ELSE progress END
         WHERE id = $1 AND status = 'running' RETURNING id
       ) SELECT id FROM finished`,
      [id, at, status, error],
    );
    return finished.length === 0 ? null : this.dataSource.manager.findOneBy(RunRow, { id });
  }

  /** By a worker that stops in good order: another one will take it. */
  async letGo(id: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE economist.runs SET attempts = attempts - 1 WHERE id = $1 AND status = 'running'`,
      [id],
    );
  }

  async rejectedRows(id: string): Promise<number> {
    const run = await this.dataSource.manager.findOneByOrFail(RunRow, { id });
    return Number(run.rejectedRows);
  }

  async unfinished(): Promise<RunRow[]> {
    return this.dataSource.manager.findBy(RunRow, { status: In(['queued', 'running']) });
  }

  /** Sources whose runs nobody works on: none of theirs has been heard of since then. */
  async forsakenSources(since: Date): Promise<string[]> {
    const found: { source_id: string }[] = await this.dataSource.query(
      `SELECT source_id FROM economist.runs WHERE status IN ('queued', 'running')
       GROUP BY source_id HAVING coalesce(max(alive_at), '-infinity') < $1 AND min(created_at) < $1`,
      [since],
    );
    return found.map(({ source_id }) => source_id);
  }
}
