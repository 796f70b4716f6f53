import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createJobQueue } from '../../../src/platform/jobs/create-job-queue.js';
import type { JobQueue } from '../../../src/platform/jobs/job-queue.js';
import { describeOnEachStore, type JobStore } from '../../support/job-stores.js';
import { LogLines } from '../../support/log-lines.js';
import { until } from '../../support/until.js';

describeOnEachStore('while the store of the jobs is away', (open) => {
  let store: JobStore;
  let queue: JobQueue;
  let lines: LogLines;
  let done: string[];

  beforeEach(async () => {
    store = await open();
    lines = new LogLines();
    done = [];
    const { connections, timing } = store;
    queue = createJobQueue({ context: 'test', connections, timing, log: lines.log });
    const payload = z.object({});
    queue.define({ name: 'work', payload, concurrency: 2, attempts: 3, handle: async ({ id }) => void done.push(id) });
  });
  afterEach(async () => {
    await queue.stop(1_000);
    await store.close();
  });

  it('enqueuing fails soon, the outage is told of once, and work goes on by itself when it is back', async () => {
    await queue.start();
    await queue.enqueue('work', {}, { id: 'before' });
    await until(() => done.includes('before'));
    await queue.enqueue('work', {}, { id: 'delayed', delaySeconds: 3 });
    await store.takeAway();
    await expect(queue.check()).rejects.toThrow();
    const before = performance.now();
    await expect(queue.enqueue('work', {})).rejects.toThrow('The job queue cannot be reached; try again later.');
    expect(performance.now() - before).toBeLessThan(3_000);
    // Long enough for several attempts to be refused.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await store.bringBack();
    await until(() => done.includes('delayed'), 20_000);
    await queue.enqueue('work', {}, { id: 'after' });
    await until(() => done.includes('after'));
    await queue.check();
    await until(() => lines.all.length >= 2);
    expect(done).toEqual(['before', 'delayed', 'after']);
    expect(lines.messages).toEqual([expect.stringMatching(/away|lost/), expect.stringContaining('is back')]);
  });

  it('a context can start; its jobs are done when the store is there', async () => {
    await store.takeAway();
    await queue.start();
    await until(() => lines.all.length > 0);
    await store.bringBack();
    await until(async () => {
      const id = await queue.enqueue('work', {}).catch(() => null);
      return id !== null;
    });
    await until(() => done.length > 0, 20_000);
  });

  it('a stop ends in time', async () => {
    await queue.start();
    await queue.enqueue('work', {}, { id: 'before' });
    await until(() => done.includes('before'));
    await store.takeAway();
    const before = performance.now();
    await queue.stop(1_000);
    expect(performance.now() - before).toBeLessThan(4_000);
    await store.bringBack();
  });
});
