import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createJobQueue } from '../../../src/platform/jobs/create-job-queue.js';
import type { Job, JobQueue } from '../../../src/platform/jobs/job-queue.js';
import { describeOnEachStore, type JobStore } from '../../support/job-stores.js';
import { LogLines } from '../../support/log-lines.js';
import { until } from '../../support/until.js';

const payload = z.object({ word: z.string() });
type Handle = (job: Job<z.infer<typeof payload>>) => Promise<void>;

describeOnEachStore('a job', (open) => {
  let store: JobStore;
  let queue: JobQueue;
  let lines: LogLines;
  let contexts = 0;

  const started = async (handle: Handle, { attempts = 1, concurrency = 1 } = {}): Promise<void> => {
    queue.define({ name: 'work', payload, concurrency, attempts, handle });
    await queue.start();
  };

  beforeAll(async () => {
    store = await open();
  });
  beforeEach(() => {
    lines = new LogLines();
    const { connections, timing } = store;
    // A context of its own, so that no test meets the jobs of another.
    queue = createJobQueue({ context: `test${(contexts += 1)}`, connections, timing, log: lines.log });
  });
  afterEach(() => queue.stop(1_000));
  afterAll(() => store.close());

  it('brings its payload, its id and the number of the delivery', async () => {
    const seen: unknown[] = [];
    await started(async ({ signal, ...job }) => void seen.push({ ...job, aborted: signal.aborted }));
    const id = await queue.enqueue('work', { word: 'Zürich 🏔' }, { id: 'a:1/b c' });
    await until(() => seen.length > 0);
    expect(id).toBe('a:1/b c');
    expect(seen).toEqual([{ id, name: 'work', payload: { word: 'Zürich 🏔' }, attempt: 1, aborted: false }]);
  });

  it('is tried again after a while when it fails, as often as it may, and the failures are logged', async () => {
    const attempts: number[] = [];
    await started(
      async ({ attempt }) => {
        attempts.push(attempt);
        throw new Error('The disk is full.');
      },
      { attempts: 2 },
    );
    const id = await queue.enqueue('work', { word: 'x' });
    await until(() => lines.messages.includes('The job failed for good.'));
    expect(attempts).toEqual([1, 2]);
    const facts = { job: 'work', job_id: id, err: expect.objectContaining({ message: 'The disk is full.' }) };
    expect(lines.all).toEqual([
      expect.objectContaining({ ...facts, attempt: 1, level: 40, msg: 'The job failed; it is tried again.' }),
      expect.objectContaining({ ...facts, attempt: 2, level: 50, msg: 'The job failed for good.' }),
    ]);
  });

  it('exists once under an id while it waits or runs, and again when it has ended', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let runs = 0;
    await started(async () => {
      runs += 1;
      await gates[runs - 1]?.promise;
    });
    const enqueue = (): Promise<string> => queue.enqueue('work', { word: 'x' }, { id: 'only' });
    await Promise.all([enqueue(), enqueue(), enqueue()]);
    await until(() => runs === 1);
    expect(await enqueue()).toBe('only');
    gates[0]?.resolve();
    // Not taken before the end of the first is stored.
    await until(async () => (await enqueue()) === 'only' && runs === 2);
    gates[1]?.resolve();
    await queue.stop(1_000);
    expect(runs).toBe(2);
  });

  it('waits for its delay', async () => {
    let startedAt = 0;
    await started(async () => void (startedAt = performance.now()));
    const enqueuedAt = performance.now();
    await queue.enqueue('work', { word: 'x' }, { delaySeconds: 2 });
    await until(() => startedAt > 0);
    // The clock of the store rounds, and is not ours.
    expect(startedAt - enqueuedAt).toBeGreaterThan(1_900);
  });

  it('runs beside others, up to the concurrency, and a backlog does not wait for polls', async () => {
    let running = 0;
    let most = 0;
    let done = 0;
    await started(
      async () => {
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => setTimeout(resolve, 20));
        running -= 1;
        done += 1;
      },
      { concurrency: 3 },
    );
    await Promise.all(Array.from({ length: 90 }, () => queue.enqueue('work', { word: 'x' })));
    await until(() => done === 90);
    expect(most).toBe(3);
  });

  it('does not hold up others when its error or payload is more than the store can hold', async () => {
    const words: string[] = [];
    await started(async (job) => {
      words.push(job.payload.word);
      if (job.payload.word === 'poison') throw new Error(`\0 \uD800 ${'long '.repeat(10_000)}`);
    });
    await expect(queue.enqueue('work', { word: 'NUL \0' })).rejects.toThrow(TypeError);
    await expect(queue.enqueue('work', { word: 'half \uD800' })).rejects.toThrow(TypeError);
    await expect(queue.enqueue('work', { word: 'x'.repeat(300_000) })).rejects.toThrow('at most 262144');
    await expect(queue.enqueue('work', { word: 1 })).rejects.toThrow('expected string');
    await expect(queue.enqueue('works', { word: 'x' })).rejects.toThrow("No job 'works' is defined.");
    await queue.enqueue('work', { word: 'poison' }, { id: 'same' });
    await until(() => lines.messages.includes('The job failed for good.'));
    // Had its failure not been stored, the id would still be taken.
    await until(async () => {
      await queue.enqueue('work', { word: 'good' }, { id: 'same' });
      return words.includes('good');
    });
    expect(words.slice(0, 2)).toEqual(['poison', 'good']);
  });

  it('of another version, whose payload does not fit, fails without reaching the handler', async () => {
    let runs = 0;
    const { connections, timing } = store;
    const other = createJobQueue({ context: `test${contexts}`, connections, timing, log: lines.log });
    const theirs = z.object({ words: z.number() });
    other.define({ name: 'work', payload: theirs, concurrency: 1, attempts: 1, handle: async () => undefined });
    await other.enqueue('work', { words: 2 });
    await other.stop(100);
    await started(async () => void (runs += 1));
    await until(() => lines.messages.includes('The job failed for good.'));
    expect(runs).toBe(0);
  });
});
