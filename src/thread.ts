import { parentPort, workerData } from 'node:worker_threads';
import { contexts } from './contexts.js';
import { isThreadData } from './platform/supervisor/messages.js';
import { runContext } from './platform/supervisor/thread-body.js';

// The entry of a context's thread: its supervisor names the context, and only that one is imported.
const data: unknown = workerData;
const context = isThreadData(data) ? contexts[data.context] : undefined;
if (parentPort === null || !isThreadData(data) || context === undefined) {
  throw new Error('This file is the entry of a thread; start main.js instead.');
}
await runContext(context.load, data, parentPort);
