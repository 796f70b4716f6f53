import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { JobQueue } from '../../../platform/jobs/job-queue.js';
import { CONFIG } from '../../../platform/tokens.js';
import type { EconomistConfig } from '../../economist.config.js';
import { workersHere } from '../../role.js';
import { SourceLocks } from '../../sources/source-locks.js';
import { RunRunner } from './run.runner.js';
import { RunWork } from './run-work.repository.js';

const JOB = 'ingestion.run';
/** Sources that one process works on at once; while one swaps, another can read. */
const AT_ONCE = 2;
const ATTEMPTS = 5;

/**
 * Works on runs, one of each source at a time, the oldest first. The table of runs says what there is to do; a job only
 * calls for somebody to look, so one too many does no harm, and one that is lost is made up for by the upkeep.
 */
@Injectable()
export class SourceRuns {
  constructor(
    @Inject(JobQueue) private readonly jobs: JobQueue,
    @Inject(SourceLocks) private readonly locks: SourceLocks,
    @Inject(RunWork) private readonly work: RunWork,
    @Inject(RunRunner) private readonly runner: RunRunner,
    @Inject(CONFIG) config: EconomistConfig,
  ) {
    jobs.define({
      name: JOB,
      payload: z.object({ source_id: z.string() }),
      concurrency: workersHere(config, AT_ONCE),
      attempts: ATTEMPTS,
      handle: ({ payload, signal }) => this.workOn(payload.source_id, signal),
    });
  }

  /** @param jobId that of the run, where there is one for whose sake it is */
  async call(sourceId: string, jobId?: string): Promise<void> {
    await this.jobs.enqueue(JOB, { source_id: sourceId }, jobId === undefined ? {} : { id: jobId });
  }

  private async workOn(sourceId: string, stopping: AbortSignal): Promise<void> {
    // A run that came after the last look found the lock taken: so there is another look once it is free.
    while ((await this.work.nextOf(sourceId)) !== null) {
      stopping.throwIfAborted();
      const held = await this.locks.hold(sourceId, async (connection) => {
        for (let next = await this.work.nextOf(sourceId); next !== null; next = await this.work.nextOf(sourceId)) {
          stopping.throwIfAborted();
          await this.runner.run(next, connection, stopping);
        }
      });
      if (held.kind === 'busy') return;
    }
  }
}
