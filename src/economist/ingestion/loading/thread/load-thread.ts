import { parentPort } from 'node:worker_threads';
import { packFailure } from '../failure.js';
import { Inbox } from './inbox.js';
import type { Report } from './messages.js';
import { RemoteInput } from './remote-input.js';
import { runLoad } from './run-load.js';

// The entry of a thread that loads parts, one after the other, until it is ended.
const port = parentPort;
if (port === null) throw new Error('This file is the entry of a thread.');
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
const report = (message: Report): void => port.postMessage(message);
const inbox = new Inbox(port);
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
