import type { Logger } from 'pino';
import type { BoundedContext } from '../bounded-context.js';
import type { Settings } from '../config/settings.js';
import type { Connections } from '../connections.js';
import { ContextHere } from './context-here.js';
import type { RunEvents } from './context-run.js';
import { ContextThread } from './context-thread.js';
import { StandIn } from './stand-in.js';
import { SupervisedContext } from './supervised-context.js';
import { Supervisor } from './supervisor.js';

/**
 * A supervisor over these contexts: in threads of their own, or all in this one where settings say so.
 * @param threadEntry the file that runs in each thread
 */
export function supervise(
  contexts: readonly BoundedContext[],
  settings: Settings,
  connections: Connections,
  threadEntry: URL,
  log: Logger,
): Supervisor {
  const run = (context: BoundedContext) => (events: RunEvents) =>
    settings.threads
      ? new ContextThread(threadEntry, { context: context.name, settings, connections }, events, log)
      : new ContextHere(context, settings, connections, events, log);
  return new Supervisor(
    (onFall) =>
      contexts.map((context) => {
        const port = settings.contexts.find(({ name }) => name === context.name)?.port ?? 0;
        const standIn = new StandIn(port, settings.host);
        return new SupervisedContext({ name: context.name, startRun: run(context), standIn, onFall, log });
      }),
    settings.strict,
    log,
  );
}
