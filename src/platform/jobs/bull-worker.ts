import { UnrecoverableError, Worker, type Job as BullJob } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { DefinedJob } from './defined-jobs.js';
import { deliver } from './deliver.js';
import { settlesWithin } from './settles-within.js';
import { retry, type JobTiming } from './timing.js';

/** All keys of the queues begin with it, so that the Redis can be shared. */
export const KEY_PREFIX = 'oco';

/** Where an aborted handler may still tidy up. */
const CUT_OFF_MS = 1_000;

export interface BullWorkerOptions {
  readonly queue: string;
  readonly connection: Redis;
  readonly job: DefinedJob;
  readonly timing: JobTiming;
  readonly log: Logger;
}

/** BullMQ's worker with a stop that is bounded, whatever the handlers and Redis do. */
export class BullWorker extends Worker<object, void> {
  constructor({ queue, connection, job, timing, log }: BullWorkerOptions) {
    super(queue, (stored, _token, signal) => process(job, stored, signal ?? NEVER, log), {
      connection,
      prefix: KEY_PREFIX,
      skipVersionCheck: true,
      concurrency: job.concurrency,
      lockDuration: timing.lease * 1_000,
      stalledInterval: timing.sweep * 1_000,
      drainDelay: timing.poll,
      // Deliveries are counted by `deliver`, so that both stores count alike.
      maxStalledCount: job.attempts + 1,
      settings: { backoffStrategy },
    });
    this.on('lockRenewalFailed', (ids) => {
      for (const id of ids) this.cancelJob(id, 'The lease on the job was lost.');
    });
  }

  async stopWithin(deadlineMs: number): Promise<void> {
    // Ends the sweeps, which `close` would leave waiting for their timer.
    await this.pause(true);
    const closing = this.close();
    if (await settlesWithin(closing, deadlineMs)) return;
    this.cancelAllJobs('The process stops.');
    if (await settlesWithin(closing, CUT_OFF_MS)) return;
    // The lease is not renewed any more: another worker takes the job over.
    await this.lockManager.close();
  }
}

const NEVER = new AbortController().signal;

async function process(job: DefinedJob, stored: BullJob<object>, signal: AbortSignal, log: Logger): Promise<void> {
  const delivery = {
    id: stored.deduplicationId ?? stored.id ?? '',
    name: job.name,
    payload: stored.data,
    attempt: stored.attemptsStarted,
    signal,
  };
  const outcome = await deliver(job, delivery, log);
  if (outcome.kind === 'done') return;
  if (outcome.kind === 'retry') throw outcome.error;
  const final = new UnrecoverableError(outcome.error.message);
  if (outcome.error.stack !== undefined) final.stack = outcome.error.stack;
  throw final;
}

function backoffStrategy(failures: number): number {
  const ceiling = Math.min(retry.firstSeconds * 2 ** Math.min(failures, 16), retry.lastSeconds);
  return Math.round(ceiling * (0.5 + Math.random() / 2) * 1_000);
}
