import { Queue, type JobsOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { checkRedis, connectRedis, untilReady } from '../redis/redis.js';
import { BullWorker, KEY_PREFIX } from './bull-worker.js';
import type { DefinedJob } from './defined-jobs.js';
import { JobQueue, type EnqueueOptions } from './job-queue.js';
import { keep, type JobTiming } from './timing.js';

export interface RedisJobQueueOptions {
  readonly context: string;
  readonly redisUrl: string;
  readonly timing: JobTiming;
  readonly log: Logger;
}

/** Jobs in Redis, by BullMQ. */
export class RedisJobQueue extends JobQueue {
  private readonly queues = new Map<string, Queue<object>>();
  private readonly workers: BullWorker[] = [];
  private redis: Redis | null = null;
  private consumer: Redis | null = null;
  private stopped = false;

  constructor(private readonly options: RedisJobQueueOptions) {
    super();
  }

  async start(): Promise<void> {
    const jobs = this.jobs.worked();
    if (jobs.length === 0) return;
    const redis = this.connect();
    this.consumer = redis.duplicate(consumerOptions);
    // The other connection tells when Redis is away.
    this.consumer.on('error', () => undefined);
    for (const job of jobs) this.workers.push(this.createWorker(job, this.consumer));
  }

  async stop(deadlineMs: number): Promise<void> {
    this.stopped = true;
    await Promise.all(this.workers.map((worker) => worker.stopWithin(deadlineMs)));
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    this.consumer?.disconnect();
    this.redis?.disconnect();
  }

  async check(): Promise<void> {
    if (this.redis !== null) await checkRedis(this.redis);
  }

  protected async store(job: DefinedJob, payload: object, options: Required<EnqueueOptions>): Promise<void> {
    const redis = this.connect();
    await untilReady(redis);
    await this.queueOf(job, redis).add(job.name, payload, {
      ...jobOptions(job),
      deduplication: { id: options.id },
      delay: options.delaySeconds * 1_000,
    });
  }

  private connect(): Redis {
    if (this.stopped) throw new Error('The job queue has been stopped.');
    const { context, redisUrl, log } = this.options;
    this.redis ??= connectRedis(redisUrl, { name: `${context}:jobs`, log });
    return this.redis;
  }

  private queueOf(job: DefinedJob, connection: Redis): Queue<object> {
    const known = this.queues.get(job.name);
    if (known !== undefined) return known;
    const queue = new Queue<object>(this.nameOf(job), { connection, prefix: KEY_PREFIX, skipVersionCheck: true });
    queue.on('error', (error) => void this.tell(error));
    this.queues.set(job.name, queue);
    return queue;
  }

  private createWorker(job: DefinedJob, connection: Redis): BullWorker {
    const { timing, log } = this.options;
    const worker = new BullWorker({ queue: this.nameOf(job), connection, job, timing, log });
    worker.on('error', (error) => void this.tell(error));
    return worker;
  }

  private nameOf(job: DefinedJob): string {
    return `${this.options.context}.${job.name}`;
  }

  /** While Redis is away its connection says so, once; what else goes wrong is told here. */
  private async tell(error: Error): Promise<void> {
    try {
      await this.check();
    } catch {
      return;
    }
    this.options.log.error({ err: error }, 'The job queue met an error in Redis.');
  }
}

/** Workers wait for Redis as long as it takes: their commands are few, and a blocking one has no time limit. */
const consumerOptions = {
  enableOfflineQueue: true,
  autoResendUnfulfilledCommands: true,
  maxRetriesPerRequest: null,
  commandTimeout: undefined,
};

const jobOptions = (job: DefinedJob): JobsOptions => ({
  // One more than is allowed: that delivery finds the job given up, and says so.
  attempts: job.attempts + 1,
  backoff: { type: 'custom' },
  removeOnComplete: { age: keep.doneSeconds, count: keep.count },
  removeOnFail: { age: keep.failedSeconds, count: keep.count },
});
