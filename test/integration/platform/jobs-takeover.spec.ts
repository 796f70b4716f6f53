import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createJobQueue } from '../../../src/platform/jobs/create-job-queue.js';
import type { JobQueue } from '../../../src/platform/jobs/job-queue.js';
import { describeOnEachStore, type JobStore } from '../../support/job-stores.js';
import { JobWorkerProcess } from '../../support/job-worker-process.js';
import { LogLines } from '../../support/log-lines.js';
import { defineTestJobs } from '../../support/test-jobs.js';
import { until } from '../../support/until.js';

/** For the leases of killed workers to run out, with room for a slow machine. */
const takeOverMs = ({ timing }: JobStore): number => (timing.lease + 2 * timing.sweep + 10) * 1_000;

describeOnEachStore('jobs of several processes', (open) => {
  let store: JobStore;
  const queues: JobQueue[] = [];
  const processes: JobWorkerProcess[] = [];

  const queueOf = (context: string, lines: LogLines): JobQueue => {
    const { connections, timing } = store;
    const queue = createJobQueue({ context, connections, timing, log: lines.log });
    defineTestJobs(queue, () => undefined);
    queues.push(queue);
    return queue;
  };
  const startProcesses = async (count: number, context: string): Promise<JobWorkerProcess[]> => {
    const starting = Array.from({ length: count }, () => JobWorkerProcess.start(store, context));
    const started = await Promise.all(starting);
    processes.push(...started);
    return started;
  };
  const holderOf = async (job: string, among: readonly JobWorkerProcess[]): Promise<JobWorkerProcess> => {
    await until(() => among.some((worker) => worker.has('started', job)));
    return among.find((worker) => worker.has('started', job)) ?? fail();
  };

  const crashLines = new LogLines();
  let crashed: string;

  // The lease of the crashed worker runs out while the other tests are at work.
  beforeAll(async () => {
    store = await open();
    const queue = queueOf('crash', crashLines);
    const [victim] = await startProcesses(1, 'crash');
    crashed = await queue.enqueue('crash', {});
    await until(() => victim?.isAlive === false);
    await queue.start();
  });

  afterAll(async () => {
    await Promise.all(processes.map((worker) => worker.kill()));
    await Promise.all(queues.map((queue) => queue.stop(100)));
    await store.close();
  });

  it('are each done once', async () => {
    const queue = queueOf('once', new LogLines());
    const workers = await startProcesses(2, 'once');
    const ids = await Promise.all(Array.from({ length: 60 }, () => queue.enqueue('note', {})));
    const done = (): string[] => workers.flatMap(({ reports }) => reports.flatMap(({ job }) => job ?? []));
    await until(() => done().length >= ids.length);
    expect(done().sort()).toEqual(ids.toSorted());
    // More than its greeting: both took part.
    expect(workers.every(({ reports }) => reports.length > 1)).toBe(true);
  });

  it('are taken over when their worker is killed, and not while it lives', async () => {
    const queue = queueOf('takeover', new LogLines());
    const workers = await startProcesses(2, 'takeover');
    const kept = await queue.enqueue('hold', {});
    const living = await holderOf(kept, workers);
    const orphan = await queue.enqueue('hold', {});
    const doomed = await holderOf(orphan, workers);
    const [heir] = await startProcesses(1, 'takeover');
    await doomed.kill();
    await until(() => heir?.has('started', orphan) === true, takeOverMs(store));
    // By now the other job has been held for longer than a lease, too.
    expect(heir?.reports).toEqual([{ event: 'ready' }, { event: 'started', job: orphan, attempt: 2 }]);
    expect(living.reports).toEqual([{ event: 'ready' }, { event: 'started', job: kept, attempt: 1 }]);
  }, 60_000);

  it('are given up, and that is logged, when they kill each worker that takes them', async () => {
    const msg = 'The job failed: its last worker died or was cut off.';
    await until(() => crashLines.messages.includes(msg), takeOverMs(store));
    expect(crashLines.all).toEqual([expect.objectContaining({ job: 'crash', job_id: crashed, attempt: 2, msg })]);
  }, 60_000);
});

function fail(): never {
  throw new Error('Nobody holds the job.');
}
