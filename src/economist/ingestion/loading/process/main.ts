import { setPriority } from 'node:os';
import { packFailure } from '../failure.js';
import { Inbox } from './inbox.js';
import type { Report } from './messages.js';
import { RemoteInput } from './remote-input.js';
import { runLoad } from './run-load.js';

// The entry of a process that loads parts, one after the other, for as long as its parent wants it.
if (!process.connected) throw new Error('This file is the entry of a child process.');
// Where the parent cannot be told, it is gone, and `disconnect` says so.
const report = (message: Report): void => void process.send?.(message, undefined, undefined, () => undefined);

// Calls that are served meanwhile go first; on a busy core this one still has a quarter of their share.
setPriority(6);
// A terminal sends these to all processes; when to stop is the parent's decision. Without a parent there is no work.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());

const inbox = new Inbox();
const remote = new RemoteInput(inbox, report);
for (;;) {
  const order = await inbox.next();
  if (order.kind !== 'load') continue;
  try {
    const part = await runLoad(order.job, remote, (progress) => report({ kind: 'progress', progress }));
    report({ kind: 'loaded', part });
  } catch (error) {
    report({ kind: 'failed', failure: packFailure(error) });
  }
}
