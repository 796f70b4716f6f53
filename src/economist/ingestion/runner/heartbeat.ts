import type { Logger } from 'pino';

const EVERY_MS = 1_000;

/** Does something each second while a run is at work, and not twice at once. */
export class Heartbeat {
  private readonly timer: NodeJS.Timeout;
  private beating: Promise<void> | null = null;

  constructor(
    private readonly beat: () => Promise<void>,
    private readonly log: Logger,
  ) {
    this.timer = setInterval(() => void this.tick(), EVERY_MS);
  }

  /** Ends it with a last beat. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.beating;
    await this.tick();
  }

  private async tick(): Promise<void> {
    if (this.beating !== null) return;
    this.beating = this.beat().catch((error: unknown) => {
      // The work itself meets the same trouble, and tells of it.
      this.log.debug({ err: error }, 'The progress of a run could not be stored.');
    });
    await this.beating;
    this.beating = null;
  }
}
