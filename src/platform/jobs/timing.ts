/** How soon the queues notice things, in seconds. */
export interface JobTiming {
  /** A worker that does not renew its lease on a job for so long counts as dead. At least 10: pg-boss takes no less. */
  readonly lease: number;
  /** Between two searches for jobs whose lease ran out. */
  readonly sweep: number;
  /** Between two looks for jobs whose delay has passed; new ones are told at once. */
  readonly poll: number;
}

/** A killed worker's job is taken over within 30 s: lease + two sweeps + the wait before a first retry + poll. */
export const jobTiming: JobTiming = { lease: 12, sweep: 5, poll: 5 };

const FIRST_RETRY_SECONDS = 1;
const LAST_RETRY_SECONDS = 60;

/** The wait before a failed delivery is tried again: doubling, with jitter, capped. */
export const retry = { firstSeconds: FIRST_RETRY_SECONDS, lastSeconds: LAST_RETRY_SECONDS };

/** Finished jobs are kept for so long, for the operator to look at. */
export const keep = { doneSeconds: 86_400, failedSeconds: 604_800, count: 1_000 };
