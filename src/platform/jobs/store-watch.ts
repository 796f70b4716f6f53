import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

/** A failing server does not lose all its connections at one moment: the one that is asked could be the last. */
const SETTLE_MS = 250;
const FIRST_LOOK_MS = 250;
const LAST_LOOK_MS = 5_000;

/**
 * Sorts the errors of a store's client: while the store is away there are dozens, and one line says it all.
 * Looks for its return until {@link stop}.
 */
export class StoreWatch {
  private readonly stopping = new AbortController();
  private isLooking = false;

  constructor(
    private readonly store: string,
    private readonly probe: () => Promise<void>,
    private readonly log: Logger,
  ) {}

  /** An error is told at once if the store answers, otherwise as the beginning of an outage. */
  report(met: unknown): void {
    if (this.isLooking || this.stopping.signal.aborted) return;
    this.isLooking = true;
    void this.look(met).finally(() => (this.isLooking = false));
  }

  stop(): void {
    this.stopping.abort();
  }

  private async look(met: unknown): Promise<void> {
    await this.pause(SETTLE_MS);
    if (await this.answers()) {
      this.log.error({ err: met }, `The job queue met an error in ${this.store}.`);
      return;
    }
    const since = performance.now();
    this.log.error({ err: met }, `${this.store} is away; jobs wait until it is back.`);
    for (let waitMs = FIRST_LOOK_MS; !(await this.answers()); waitMs = Math.min(waitMs * 2, LAST_LOOK_MS)) {
      await this.pause(waitMs);
      if (this.stopping.signal.aborted) return;
    }
    this.log.info({ away_ms: Math.round(performance.now() - since) }, `${this.store} is back; jobs go on.`);
  }

  /** Cut short by {@link stop}. */
  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async answers(): Promise<boolean> {
    try {
      await this.probe();
      return true;
    } catch {
      return false;
    }
  }
}
