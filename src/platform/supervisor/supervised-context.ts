import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { version } from '../version.js';
import type { ContextRun, StartRun } from './context-run.js';
import { failuresInARow, restartDelayMs } from './restart.pure.js';
import type { StandIn } from './stand-in.js';

/** After the deadline for calls and jobs: what buffers and connections may take to close. */
const CLOSING_MARGIN_MS = 5_000;

export interface Supervision {
  readonly name: string;
  readonly startRun: StartRun;
  readonly standIn: StandIn;
  /** Told of each fall, after the stand-in took over. */
  readonly onFall: (name: string) => void;
  readonly log: Logger;
  /** How long to wait before the next start. */
  readonly delayMs?: (failures: number) => number;
  readonly closingMarginMs?: number;
}

/** Keeps one context running: starts it, stands in for it when it falls, and starts it again. */
export class SupervisedContext {
  readonly name: string;
  /** Starts in a row that never became ready. */
  failedStarts = 0;
  private failures = 0;
  private readySince: number | null = null;
  private run: ContextRun | null = null;
  private readonly stopping = new AbortController();
  private readonly first = Promise.withResolvers<void>();
  private finished: Promise<string | null> | null = null;
  private readonly delayMs: (failures: number) => number;
  private readonly closingMarginMs: number;

  constructor(private readonly supervision: Supervision) {
    this.name = supervision.name;
    this.delayMs = supervision.delayMs ?? ((failures) => restartDelayMs(failures, Math.random()));
    this.closingMarginMs = supervision.closingMarginMs ?? CLOSING_MARGIN_MS;
  }

  get isReady(): boolean {
    return this.readySince !== null;
  }

  /** @returns when it is ready or has failed for the first time; from then on it is kept running */
  start(): Promise<void> {
    this.finished = this.keepRunning();
    return this.first.promise;
  }

  /** @returns why it had to be cut off; null where it ended properly and in time */
  async stop(deadlineMs: number): Promise<string | null> {
    this.stopping.abort();
    this.run?.stop(deadlineMs);
    const patience = new AbortController();
    const failure = await Promise.race([
      this.finished ?? null,
      sleep(deadlineMs + this.closingMarginMs, 'it did not stop in time', { signal: patience.signal }),
    ]);
    patience.abort();
    if (failure !== null) this.run?.terminate();
    return failure;
  }

  /** @returns how its last run failed to stop; null where that stopped properly, or none was there to stop */
  private async keepRunning(): Promise<string | null> {
    let summary: string | null = null;
    while (!this.stopping.signal.aborted) {
      summary = await this.runOnce();
      if (this.stopping.signal.aborted) break;
      await this.recover(summary ?? 'it stopped without being told to');
      summary = null;
    }
    await this.supervision.standIn.close();
    return summary;
  }

  /** @returns why it fell; null when it stopped properly */
  private async runOnce(): Promise<string | null> {
    this.run = this.supervision.startRun({
      releasePort: () => this.supervision.standIn.close(),
      ready: (port) => {
        this.readySince = performance.now();
        this.failedStarts = 0;
        this.supervision.log.info(`${this.name} is ready on port ${port}`);
        this.first.resolve();
      },
    });
    const ending = await this.run.ended;
    return ending.kind === 'failed' ? ending.summary : null;
  }

  private async recover(summary: string): Promise<void> {
    const servedMs = this.readySince === null ? null : performance.now() - this.readySince;
    this.readySince = null;
    if (servedMs === null) this.failedStarts += 1;
    this.failures = failuresInARow(this.failures, servedMs);
    const delayMs = this.delayMs(this.failures);
    this.supervision.log.error(
      { failures: this.failures, retry_in_ms: delayMs },
      `${this.name} is down: ${summary}. It starts again in ${delayMs} ms`,
    );
    await this.standInFor(summary, delayMs);
    this.first.resolve();
    this.supervision.onFall(this.name);
    // Only stop() can cut the pause short.
    await sleep(delayMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async standInFor(reason: string, delayMs: number): Promise<void> {
    try {
      await this.supervision.standIn.open({ service: this.name, version, reason, backAt: Date.now() + delayMs });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.supervision.log.warn(`nothing answers for ${this.name} meanwhile: ${why}`);
    }
  }
}
