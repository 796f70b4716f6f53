import type { Logger } from 'pino';

const FIRST_LOOK_MS = 250;
const LAST_LOOK_MS = 5_000;

/**
 * Sorts the errors of a store's client: while the store is away there are dozens, and one line says it all.
 * Looks for its return until {@link stop}.
 */
export class StoreWatch {
  private looking = false;
  private stopped = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly store: string,
    private readonly probe: () => Promise<void>,
    private readonly log: Logger,
  ) {}

  /** An error is told at once if the store answers, otherwise as the beginning of an outage. */
  report(error: unknown): void {
    if (this.looking || this.stopped) return;
    this.looking = true;
    this.probe().then(
      () => {
        this.looking = false;
        this.log.error({ err: error }, `The job queue met an error in ${this.store}.`);
      },
      () => {
        this.log.error({ err: error }, `${this.store} is away; jobs wait until it is back.`);
        this.lookAgain(performance.now(), FIRST_LOOK_MS);
      },
    );
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private lookAgain(since: number, waitMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.probe().then(
        () => {
          this.looking = false;
          this.log.info({ away_ms: Math.round(performance.now() - since) }, `${this.store} is back; jobs go on.`);
        },
        () => this.lookAgain(since, Math.min(waitMs * 2, LAST_LOOK_MS)),
      );
    }, waitMs);
  }
}
