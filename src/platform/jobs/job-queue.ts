import type { z } from 'zod';

/** A piece of long work. Delivered at least once, so a handler must be safe to run again. */
export interface Job<Payload> {
  readonly id: string;
  readonly name: string;
  readonly payload: Payload;
  /** 1 on the first delivery. */
  readonly attempt: number;
  /** Aborted when the process stops or the lease on the job is lost. */
  readonly signal: AbortSignal;
}

export interface JobDefinition<Payload extends object> {
  /** Unique within the context, such as `ingestion.run`. */
  readonly name: string;
  /** Checks what is enqueued, and what comes back: another version of us may have stored it. */
  readonly payload: z.ZodType<Payload>;
  /** How many run at once in one process; 0: this one only enqueues, and leaves them to others. */
  readonly concurrency: number;
  /** Deliveries before the job counts as failed, the first included; a taken-over job counts as one. */
  readonly attempts: number;
  readonly handle: (job: Job<Payload>) => Promise<void>;
}

export interface EnqueueOptions {
  /** At most one job with this id exists while it is waiting or running, on all replicas. */
  readonly id?: string;
  readonly delaySeconds?: number;
}

/** Each job is done by one worker; one whose worker died is taken over by another. */
export abstract class JobQueue {
  /** Called while the module is built, also by a process that only enqueues; work begins with {@link start}. */
  abstract define<Payload extends object>(definition: JobDefinition<Payload>): void;
  /** @returns the job's id, also when one with that id was already there */
  abstract enqueue(name: string, payload: object, options?: EnqueueOptions): Promise<string>;
  /** Does what was defined. Where nothing was, it costs nothing: no connection, no polling. */
  abstract start(): Promise<void>;
  /** Takes no more work and waits for what runs, up to the deadline; what is cut off is taken over later. */
  abstract stop(deadlineMs: number): Promise<void>;
  /** Rejects when the store of the queue cannot be reached. */
  abstract check(): Promise<void>;
}
