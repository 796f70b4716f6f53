// A process that works on jobs, to be killed. Told by its parent what to connect to, it reports each delivery.
import { pino } from 'pino';
import { z } from 'zod';
import { createJobQueue } from '../../src/platform/jobs/create-job-queue.js';
import { defineTestJobs, type Report } from './test-jobs.js';

const request = z.object({
  context: z.string(),
  databaseUrl: z.string(),
  redisUrl: z.string().nullable(),
  timing: z.object({ lease: z.number(), sweep: z.number(), poll: z.number() }),
});

const { context, timing, ...connections } = request.parse(JSON.parse(process.argv[2] ?? ''));
const queue = createJobQueue({ context, connections, timing, log: pino({ level: 'silent' }) });
const report = (what: Report): void => void process.send?.(what);
defineTestJobs(queue, report);
await queue.start();
report({ event: 'ready' });
