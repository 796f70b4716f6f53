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
