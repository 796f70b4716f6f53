import { Inject, Injectable } from '@nestjs/common';
import { type QueryRunner } from 'typeorm';
import { z } from 'zod';
import { JobQueue } from '../../platform/jobs/job-queue.js';
import { CONFIG } from '../../platform/tokens.js';
import { dropSlices } from '../charges/slices.js';
import type { EconomistConfig } from '../economist.config.js';
import { workersHere } from '../role.js';
import { SourceLocks } from './source-locks.js';

const JOB = 'sources.forget-charges';
/** Waits between them grow to a minute: a run of the source that is still at work has been told to stop. */
const ATTEMPTS = 20;

/** Removes what a source that was deleted has brought, slice by slice. */
@Injectable()
export class ForgetCharges {
  constructor(
    @Inject(JobQueue) private readonly jobs: JobQueue,
    @Inject(SourceLocks) private readonly locks: SourceLocks,
    @Inject(CONFIG) config: EconomistConfig,
  ) {
    jobs.define({
      name: JOB,
      payload: z.object({ source_id: z.string() }),
      concurrency: workersHere(config, 1),
      attempts: ATTEMPTS,
      handle: ({ payload, signal }) => this.forget(payload.source_id, signal),
    });
  }

  async enqueue(sourceId: string): Promise<void> {
    await this.jobs.enqueue(JOB, { source_id: sourceId }, { id: sourceId });
  }

  private async forget(sourceId: string, signal: AbortSignal): Promise<void> {
    const held = await this.locks.hold(sourceId, async (connection) => {
      while (await forgetOne(connection, sourceId)) signal.throwIfAborted();
    });
    if (held.kind === 'busy') throw new Error('A run of the source is still at work.');
  }
}

/** @returns false once there is none any more */
async function forgetOne(connection: QueryRunner, sourceId: string): Promise<boolean> {
  return connection.manager.transaction(async (manager) => {
    await manager.query('SET LOCAL statement_timeout = 0');
    const found: { id: string }[] = await manager.query(
      'SELECT id FROM economist.slices WHERE source_id = $1 ORDER BY id LIMIT 1',
      [sourceId],
    );
    await dropSlices(
      manager,
      found.map(({ id }) => id),
    );
    return found.length > 0;
  });
}
