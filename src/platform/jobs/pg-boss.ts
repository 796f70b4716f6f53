import { PgBoss, type ConstructorOptions, type QueueOptions } from 'pg-boss';
import { keep, retry, type JobTiming } from './timing.js';

/** One schema for the jobs of all contexts; their queues carry the context's name. */
const SCHEMA = 'jobs';
const POOL_SIZE = 4;
const CONNECT_WITHIN_MS = 5_000;
const QUERY_WITHIN_MS = 30_000;
const KEEP_ALIVE_AFTER_MS = 10_000;
const ONE_DAY_SECONDS = 86_400;

/** pg-boss hands these to its pool: a server that falls silent must not hold a worker for ever. */
const poolBounds = {
  query_timeout: QUERY_WITHIN_MS,
  keepAlive: true,
  keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
};

/** Not connected yet. Its schema is made under an advisory lock by whoever comes first. */
export function createPgBoss(databaseUrl: string, context: string, timing: JobTiming): PgBoss {
  const options: ConstructorOptions = {
    ...poolBounds,
    connectionString: databaseUrl,
    application_name: `open-cloud-ops ${context} jobs`,
    schema: SCHEMA,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    // New jobs are told to the workers; polling finds those whose delay has passed.
    useListenNotify: true,
    superviseIntervalSeconds: timing.sweep,
    monitorIntervalSeconds: timing.sweep,
    // Schedules are ours, and so is the health of the server.
    schedule: false,
    registerInstance: false,
    monitorVacuum: false,
  };
  return new PgBoss(options);
}

/** What each job is stored with, so that any version of us treats it alike. */
export function jobOptions(attempts: number, timing: JobTiming): QueueOptions {
  return {
    // One more than is allowed: that delivery finds the job given up, and says so.
    retryLimit: attempts,
    retryDelay: retry.firstSeconds,
    retryBackoff: true,
    retryDelayMax: retry.lastSeconds,
    heartbeatSeconds: timing.lease,
    // The lease tells whether a worker lives; this only bounds what it may take. pg-boss allows no more.
    expireInSeconds: ONE_DAY_SECONDS,
    deleteAfterSeconds: keep.failedSeconds,
  };
}

const FALLBACK_POLL_SECONDS = 2;

/** How one worker, which does one job at a time, looks for them. */
export function workOptions(timing: JobTiming) {
  return {
    includeMetadata: true,
    perJobResults: true,
    notifyPollingIntervalSeconds: timing.poll,
    // Where the server cannot tell of new jobs, as behind a transaction pooler.
    pollingIntervalSeconds: Math.min(timing.poll, FALLBACK_POLL_SECONDS),
  } as const;
}
