import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createJobQueue } from '../../../src/platform/jobs/create-job-queue.js';
import type { Job, JobQueue } from '../../../src/platform/jobs/job-queue.js';
import { describeOnEachStore, type JobStore } from '../../support/job-stores.js';
import { LogLines } from '../../support/log-lines.js';
import { until } from '../../support/until.js';

const payload = z.object({});

describeOnEachStore('a stop', (open) => {
  let store: JobStore;
  let queue: JobQueue;
  let lines: LogLines;

  const queueThat = (handle: (job: Job<object>) => Promise<void>): JobQueue => {
    const { connections, timing } = store;
    const made = createJobQueue({ context: 'test', connections, timing, log: lines.log });
    made.define({ name: 'work', payload, concurrency: 1, attempts: 3, handle });
    return made;
  };

  beforeEach(async () => {
    store = await open();
    lines = new LogLines();
  });
  afterEach(async () => {
    await queue.stop(100);
    await store.close();
  });

  it('waits for what runs and takes nothing new', async () => {
    const gate = Promise.withResolvers<void>();
    let begun = 0;
    let finished = 0;
    queue = queueThat(async () => {
      begun += 1;
      await gate.promise;
      finished += 1;
    });
    await queue.start();
    await queue.enqueue('work', {});
    await queue.enqueue('work', {});
    await until(() => begun === 1);
    const stopping = queue.stop(10_000);
    setTimeout(gate.resolve, 300);
    await stopping;
    expect({ begun, finished }).toEqual({ begun: 1, finished: 1 });
    await expect(queue.enqueue('work', {})).rejects.toThrow('cannot be reached');
  });

  it('aborts what is not done by the deadline, and another worker does it', async () => {
    let begun = false;
    let aborted = false;
    queue = queueThat(async ({ signal }) => {
      begun = true;
      signal.addEventListener('abort', () => (aborted = true));
      // Deaf to the signal, as a handler in the middle of a long call is.
      await new Promise((resolve) => setTimeout(resolve, 4_000));
    });
    await queue.start();
    await queue.enqueue('work', {});
    await until(() => begun);
    const before = performance.now();
    await queue.stop(1_000);
    expect(performance.now() - before).toBeLessThan(3_000);
    expect(aborted).toBe(true);
    let attempt = 0;
    queue = queueThat(async (job) => void (attempt = job.attempt));
    await queue.start();
    await until(() => attempt > 0, 20_000);
    expect(attempt).toBe(2);
  });
});

describe('a context without jobs', () => {
  it.each([null, 'redis://127.0.0.1:1'])('connects to nothing (Redis: %s)', async (redisUrl) => {
    const lines = new LogLines();
    const connections = { databaseUrl: 'postgres://127.0.0.1:1/none', redisUrl };
    const queue = createJobQueue({ context: 'test', connections, log: lines.log });
    const before = process.getActiveResourcesInfo();
    await queue.start();
    await queue.check();
    expect(process.getActiveResourcesInfo()).toEqual(before);
    await queue.stop(1_000);
    expect(lines.all).toEqual([]);
  });
});
