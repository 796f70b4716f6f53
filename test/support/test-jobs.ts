import { once } from 'node:events';
import { z } from 'zod';
import type { JobQueue } from '../../src/platform/jobs/job-queue.js';

export const report = z.object({
  event: z.enum(['ready', 'started', 'done']),
  job: z.string().optional(),
  attempt: z.number().optional(),
});
export type Report = z.infer<typeof report>;

/** `note` is done at once, `hold` runs until it is aborted, `crash` takes its process with it. */
export function defineTestJobs(queue: JobQueue, tell: (report: Report) => void): void {
  const payload = z.object({});
  queue.define({
    name: 'note',
    payload,
    concurrency: 2,
    attempts: 3,
    handle: async ({ id, attempt }) => tell({ event: 'done', job: id, attempt }),
  });
  queue.define({
    name: 'hold',
    payload,
    concurrency: 1,
    attempts: 3,
    handle: async ({ id, attempt, signal }) => {
      tell({ event: 'started', job: id, attempt });
      if (!signal.aborted) await once(signal, 'abort');
      throw new Error('The job was told to stop.');
    },
  });
  queue.define({
    name: 'crash',
    payload,
    concurrency: 1,
    attempts: 1,
    handle: async ({ id, attempt }) => {
      tell({ event: 'started', job: id, attempt });
      // After the report has left the process.
      setImmediate(() => process.kill(process.pid, 'SIGKILL'));
      await new Promise(() => undefined);
    },
  });
}
