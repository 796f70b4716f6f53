import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { ContextRun, Ending, RunEvents } from './context-run.js';
import { createBeats, watchBeats } from './heartbeat.js';
import { isReport, type Order, type Report, type ThreadData } from './messages.js';

/** From birth to `ready`; a start that hangs counts as failed. */
const START_DEADLINE_MS = 60_000;

/** A context in a thread of its own, which is ended when it throws, fills its heap or stands still. */
export class ContextThread implements ContextRun {
  readonly ended: Promise<Ending>;
  private readonly worker: Worker;
  private readonly beats = createBeats();
  private readonly startDeadline: NodeJS.Timeout;
  private endWatch: (() => void) | null = null;
  /** The first cause; what follows from it is noise. */
  private ending: Ending | null = null;

  constructor(
    entry: URL,
    private readonly data: Omit<ThreadData, 'beats'>,
    private readonly events: RunEvents,
    private readonly log: Logger,
  ) {
    this.worker = new Worker(entry, {
      name: data.context,
      workerData: { ...data, beats: this.beats } satisfies ThreadData,
      resourceLimits: { maxOldGenerationSizeMb: data.settings.contextHeapMb },
    });
    this.startDeadline = setTimeout(() => this.fail('it did not start in time'), START_DEADLINE_MS);
    this.worker.on('message', (message: unknown) => {
      if (isReport(message)) this.heed(message);
    });
    this.worker.on('error', (error: unknown) => this.crashed(error));
    // Told when the thread is gone and not before: until then it may hold the port.
    this.ended = new Promise((resolve) => {
      this.worker.once('exit', (code) => {
        this.unwatch();
        resolve(this.ending ?? { kind: 'failed', summary: `its thread exited with code ${code}` });
      });
    });
  }

  stop(deadlineMs: number): void {
    if (this.endWatch === null) this.end({ kind: 'stopped' });
    else this.order({ kind: 'stop', deadlineMs });
  }

  terminate(): void {
    this.end({ kind: 'failed', summary: 'it was ended' });
  }

  private heed(report: Report): void {
    switch (report.kind) {
      case 'built':
        void this.events.releasePort().then(() => this.order({ kind: 'listen' }));
        return;
      case 'ready':
        clearTimeout(this.startDeadline);
        this.endWatch = watchBeats(this.beats, this.data.settings.stallMs, () =>
          this.fail(`its event loop stood still for ${this.data.settings.stallMs} ms`),
        );
        this.events.ready(report.port);
        return;
      case 'failed':
        this.fail(report.reason);
        return;
      case 'stopped':
        this.end({ kind: 'stopped' });
        return;
      default:
        report satisfies never;
    }
  }

  private crashed(error: unknown): void {
    const isHeapFull = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    this.log.error({ err: error }, `${this.data.context}: the thread died`);
    this.fail(
      isHeapFull ? `its heap of ${this.data.settings.contextHeapMb} MiB was full` : 'an error that nothing caught',
    );
  }

  private fail(summary: string): void {
    this.end({ kind: 'failed', summary });
  }

  private end(ending: Ending): void {
    this.ending ??= ending;
    this.unwatch();
    void this.worker.terminate();
  }

  private unwatch(): void {
    clearTimeout(this.startDeadline);
    this.endWatch?.();
  }

  private order(order: Order): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.worker.postMessage(order);
  }
}
