import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { JobQueue } from '../../../platform/jobs/job-queue.js';
import { CONFIG, LOGGER } from '../../../platform/tokens.js';
import type { EconomistConfig } from '../../economist.config.js';
import { workersHere } from '../../role.js';
import { RunRow } from '../runs/run.entity.js';
import { AfterSwaps, type LedgerChange } from './after-swaps.js';

const JOB = 'ingestion.follow-up';
const ATTEMPTS = 4;

/**
 * Tells all who listen what a run has changed, as a job of its own: a run does not fail, and no figure waits, because
 * one of them does. That it is still to be done is written in the transaction of the swap, so a crash forgets none.
 */
@Injectable()
export class FollowUps {
  constructor(
    @Inject(JobQueue) private readonly jobs: JobQueue,
    @Inject(AfterSwaps) private readonly listeners: AfterSwaps,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(CONFIG) config: EconomistConfig,
  ) {
    jobs.define({
      name: JOB,
      payload: z.object({ run_id: z.string() }),
      concurrency: workersHere(config, 1),
      attempts: ATTEMPTS,
      handle: ({ payload, attempt, signal }) => this.tell(payload.run_id, attempt === ATTEMPTS, signal),
    });
  }

  async enqueue(runId: string): Promise<void> {
    await this.jobs.enqueue(JOB, { run_id: runId }, { id: runId });
  }

  /** Runs that are over for some time, and still not followed up. */
  async forgotten(before: Date): Promise<string[]> {
    const found: { id: string }[] = await this.dataSource.query(
      'SELECT id FROM economist.runs WHERE NOT followed_up AND completed_at < $1 ORDER BY completed_at LIMIT 100',
      [before],
    );
    return found.map(({ id }) => id);
  }

  private async tell(runId: string, isLast: boolean, signal: AbortSignal): Promise<void> {
    const run = await this.dataSource.manager.findOneBy(RunRow, { id: runId });
    if (run === null || run.followedUp) return;
    const failures: unknown[] = [];
    for (const listener of this.listeners.all()) {
      signal.throwIfAborted();
      try {
        await listener.run(changeBy(run), signal);
      } catch (error) {
        this.log.warn({ err: error, run: runId, listener: listener.name }, 'What follows a run failed.');
        failures.push(error);
      }
    }
    // After the last attempt it is left to the schedules of those who listen.
    if (failures.length === 0 || isLast) {
      await this.dataSource.manager.update(RunRow, { id: runId }, { followedUp: true });
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Not all that follows a run could be done.');
  }
}

function changeBy({ id, sourceId, slices }: RunRow): LedgerChange {
  const months = new Set(slices.filter(({ state }) => state !== 'unchanged').map(({ period }) => period));
  return { runId: id, sourceId, months: [...months].sort() };
}
