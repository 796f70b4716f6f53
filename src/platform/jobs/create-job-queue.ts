import type { Logger } from 'pino';
import type { Connections } from '../connections.js';
import type { JobQueue } from './job-queue.js';
import { PostgresJobQueue } from './postgres-job-queue.js';
import { RedisJobQueue } from './redis-job-queue.js';
import { jobTiming, type JobTiming } from './timing.js';

export interface JobQueueRequest {
  /** Its jobs are its own, also where several contexts share a store. */
  readonly context: string;
  readonly connections: Pick<Connections, 'databaseUrl' | 'redisUrl'>;
  readonly log: Logger;
  readonly timing?: JobTiming;
}

/** In Redis where there is one, otherwise in PostgreSQL. Connects when the first job is defined and started, or enqueued. */
export function createJobQueue({ context, connections, log, timing = jobTiming }: JobQueueRequest): JobQueue {
  const { databaseUrl, redisUrl } = connections;
  return redisUrl === null
    ? new PostgresJobQueue({ context, databaseUrl, timing, log })
    : new RedisJobQueue({ context, redisUrl, timing, log });
}
