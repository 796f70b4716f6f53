import type { Logger } from 'pino';
import type { BoundedContext } from '../bounded-context.js';
import type { Settings } from '../config/settings.js';
import type { Connections } from '../connections.js';
import { hostContext, type HostedContext } from '../host.js';
import { startFailure, type ContextRun, type Ending, type RunEvents } from './context-run.js';

/**
 * A context without a thread of its own. It can fail to start; what it throws later nobody can
 * keep from the others, so that ends the process.
 */
export class ContextHere implements ContextRun {
  readonly ended: Promise<Ending>;
  private readonly hosted: Promise<HostedContext>;
  private readonly end = Promise.withResolvers<Ending>();

  constructor(
    context: BoundedContext,
    settings: Settings,
    connections: Connections,
    events: RunEvents,
    private readonly log: Logger,
  ) {
    this.ended = this.end.promise;
    this.hosted = hostContext(context, settings, connections, () => events.releasePort());
    this.hosted.then(
      ({ port }) => events.ready(port),
      (error: unknown) => {
        log.error({ err: error }, `${context.name} could not start`);
        this.end.resolve({ kind: 'failed', summary: startFailure(error, context.name, settings) });
      },
    );
  }

  stop(deadlineMs: number): void {
    this.hosted
      .then((hosted) => hosted.stop(deadlineMs))
      .then(
        () => this.end.resolve({ kind: 'stopped' }),
        (error: unknown) => {
          this.log.error({ err: error }, 'the context could not stop properly');
          this.end.resolve({ kind: 'failed', summary: 'it could not stop properly' });
        },
      );
  }

  /** The process ends next, and with it the context. */
  terminate(): void {
    this.end.resolve({ kind: 'failed', summary: 'it was ended' });
  }
}
