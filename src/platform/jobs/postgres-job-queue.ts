import type { JobResult, JobWithMetadata, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { DefinedJob } from './defined-jobs.js';
import { deliver } from './deliver.js';
import { toError } from './failure.js';
import { JobQueue, type EnqueueOptions } from './job-queue.js';
import { createPgBoss, jobOptions, workOptions } from './pg-boss.js';
import { StoreWatch } from './store-watch.js';
import type { JobTiming } from './timing.js';

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;

export interface PostgresJobQueueOptions {
  readonly context: string;
  readonly databaseUrl: string;
  readonly timing: JobTiming;
  readonly log: Logger;
}

/** Jobs in PostgreSQL, for installations without a Redis. */
export class PostgresJobQueue extends JobQueue {
  private readonly made = new Set<string>();
  private readonly working = new Set<string>();
  private readonly watch: StoreWatch;
  private boss: PgBoss | null = null;
  private retryTimer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(private readonly options: PostgresJobQueueOptions) {
    super();
    this.watch = new StoreWatch('PostgreSQL', () => this.check(), options.log);
  }

  async start(): Promise<void> {
    await this.work(FIRST_RETRY_MS);
  }

  async stop(deadlineMs: number): Promise<void> {
    this.stopped = true;
    this.watch.stop();
    if (this.retryTimer !== null) clearTimeout(this.retryTimer);
    await this.boss?.stop({ graceful: true, timeout: deadlineMs });
  }

  async check(): Promise<void> {
    await this.boss?.getDb().executeSql('SELECT 1');
  }

  /** While the database is away it goes on trying in the background: the context can start without it. */
  private async work(retryMs: number): Promise<void> {
    try {
      for (const job of this.jobs.worked()) await this.workOn(await this.connect(), job);
    } catch (error) {
      if (this.stopped) return;
      this.watch.report(error);
      this.retryTimer = setTimeout(() => void this.work(Math.min(retryMs * 2, LAST_RETRY_MS)), retryMs);
    }
  }

  private async workOn(boss: PgBoss, job: DefinedJob): Promise<void> {
    if (this.working.has(job.name)) return;
    const queue = await this.makeQueue(boss, job);
    this.working.add(job.name);
    for (let count = 0; count < job.concurrency; count += 1) {
      const worker: string = await boss.work(queue, workOptions(this.options.timing), async (deliveries) => {
        const results = await Promise.all(deliveries.map((delivery) => this.deliver(job, delivery)));
        // There may be more to do: a worker left alone would wait for the next poll, also before a full queue.
        boss.notifyWorker(worker);
        return results;
      });
    }
  }

  private async deliver(job: DefinedJob, stored: JobWithMetadata<unknown>): Promise<JobResult> {
    const delivery = {
      id: stored.singletonKey ?? stored.id,
      name: job.name,
      payload: stored.data,
      attempt: stored.retryCount + 1,
      signal: stored.signal,
    };
    const outcome = await deliver(job, delivery, this.options.log);
    if (outcome.kind === 'done') return { id: stored.id, status: 'completed' };
    // Without a dead-letter queue, `deadletter` is pg-boss's word for: no more retries.
    return { id: stored.id, status: outcome.kind === 'retry' ? 'failed' : 'deadletter', output: outcome.error };
  }

  protected async store(job: DefinedJob, payload: object, options: Required<EnqueueOptions>): Promise<void> {
    const boss = await this.connect();
    const queue = await this.makeQueue(boss, job);
    await boss.send(queue, payload, {
      ...jobOptions(job.attempts, this.options.timing),
      singletonKey: options.id,
      startAfter: options.delaySeconds,
    });
  }

  private async connect(): Promise<PgBoss> {
    if (this.stopped) throw new Error('The job queue has been stopped.');
    this.boss ??= this.createBoss();
    // Answers at once when it has started, and joins a start under way.
    return this.boss.start();
  }

  private createBoss(): PgBoss {
    const { context, databaseUrl, timing, log } = this.options;
    const boss = createPgBoss(databaseUrl, context, timing);
    boss.on('error', (error: unknown) => this.watch.report(toError(error)));
    boss.on('warning', (warning) => log.warn(warning.message));
    return boss;
  }

  private async makeQueue(boss: PgBoss, job: DefinedJob): Promise<string> {
    const queue = `${this.options.context}.${job.name}`;
    // Does nothing where the queue exists.
    if (!this.made.has(queue)) await boss.createQueue(queue, { policy: 'exclusive', notify: true });
    this.made.add(queue);
    return queue;
  }
}
