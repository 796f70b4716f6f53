import { randomUUID } from 'node:crypto';
import { DefinedJobs, type DefinedJob } from './defined-jobs.js';
import type { JobDefinition } from './job.js';
import { unavailable } from './unavailable.js';

export type { Job, JobDefinition } from './job.js';

export interface EnqueueOptions {
  /** At most one job with this id exists while it is waiting or running, on all replicas. */
  readonly id?: string;
  readonly delaySeconds?: number;
}

/** Each job is done by one worker; one whose worker died is taken over by another. */
export abstract class JobQueue {
  protected readonly jobs = new DefinedJobs();

  /** Called while the module is built, also by a process that only enqueues; work begins with {@link start}. */
  define<Payload extends object>(definition: JobDefinition<Payload>): void {
    this.jobs.add(definition);
  }

  /** @returns the job's id, also when one with that id was already there */
  async enqueue(
    name: string,
    payload: object,
    { id = randomUUID(), delaySeconds = 0 }: EnqueueOptions = {},
  ): Promise<string> {
    const job = this.jobs.get(name);
    const stored = job.toStore(payload);
    try {
      await this.store(job, stored, { id, delaySeconds });
    } catch (cause) {
      throw unavailable(cause);
    }
    return id;
  }

  /** Does what was defined. Where nothing was, it costs nothing: no connection, no polling. */
  abstract start(): Promise<void>;
  /** Takes no more work and waits for what runs, up to the deadline; what is cut off is taken over later. */
  abstract stop(deadlineMs: number): Promise<void>;
  /** Rejects when the store of the queue cannot be reached. */
  abstract check(): Promise<void>;
  /** Does nothing where a job with this id is waiting or running. */
  protected abstract store(job: DefinedJob, payload: object, options: Required<EnqueueOptions>): Promise<void>;
}
