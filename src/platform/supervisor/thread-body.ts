import type { MessagePort } from 'node:worker_threads';
import type { BoundedContext } from '../bounded-context.js';
import { hostContext, type HostedContext } from '../host.js';
import { createLogger } from '../logging/logger.js';
import { startFailure } from './context-run.js';
import { beat, beatIntervalMs } from './heartbeat.js';
import { isOrder, type Report, type ThreadData } from './messages.js';

/** All that happens in a context's thread: host it, beat, and stop when told so. */
export async function runContext(
  load: () => Promise<BoundedContext>,
  data: ThreadData,
  supervisor: MessagePort,
): Promise<void> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  const report = (message: Report): void => supervisor.postMessage(message);
  const log = createLogger(data.settings, data.context);
  const portIsFree = Promise.withResolvers<void>();
  let hosted: HostedContext | null = null;

  supervisor.on('message', (order: unknown) => {
    if (!isOrder(order)) return;
    switch (order.kind) {
      case 'listen':
        portIsFree.resolve();
        return;
      case 'stop':
        // What goes wrong while stopping ends the thread, and so reaches the supervisor.
        void hosted?.stop(order.deadlineMs).then(() => report({ kind: 'stopped' }));
        return;
      default:
        order satisfies never;
    }
  });
  beat(data.beats, beatIntervalMs(data.settings.stallMs));

  try {
    hosted = await hostContext(await load(), data.settings, data.connections, () => {
      report({ kind: 'built' });
      return portIsFree.promise;
    });
    report({ kind: 'ready', port: hosted.port });
  } catch (error) {
    log.error({ err: error }, 'the context could not start');
    report({ kind: 'failed', reason: startFailure(error, data.context, data.settings) });
  }
}
