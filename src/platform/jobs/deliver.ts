import type { Logger } from 'pino';
import type { DefinedJob, Delivery } from './defined-jobs.js';
import { storable } from './failure.js';

/** What became of one delivery; the store is told. */
export type Outcome =
  | { readonly kind: 'done' }
  /** To be delivered again, after a while. */
  | { readonly kind: 'retry'; readonly error: Error }
  /** For good; the error is kept with the job. */
  | { readonly kind: 'failed'; readonly error: Error };

/** Hands one delivery to its handler. Never rejects. */
export async function deliver(job: DefinedJob, delivery: Delivery, log: Logger): Promise<Outcome> {
  const facts = { job: delivery.name, job_id: delivery.id, attempt: delivery.attempt };
  // One delivery past the last is how a job is found whose worker died on the last one.
  if (delivery.attempt > job.attempts) {
    log.error(facts, 'The job failed: its last worker died or was cut off.');
    return {
      kind: 'failed',
      error: new Error(`Given up after ${job.attempts} deliveries: the last worker died or was cut off.`),
    };
  }
  try {
    await job.run(delivery);
    return { kind: 'done' };
  } catch (cause) {
    const error = storable(cause);
    if (delivery.signal.aborted) {
      log.warn({ ...facts, err: cause }, 'The job was cut off; it is delivered again.');
      return { kind: 'retry', error };
    }
    if (delivery.attempt < job.attempts) {
      log.warn({ ...facts, err: cause }, 'The job failed; it is tried again.');
      return { kind: 'retry', error };
    }
    log.error({ ...facts, err: cause }, 'The job failed for good.');
    return { kind: 'failed', error };
  }
}
