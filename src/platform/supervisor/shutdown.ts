import type { Logger } from 'pino';
import { ConfigurationError, EXIT_CONFIGURATION } from '../config/faults.js';

/** What the process started and has to end. */
export interface Part {
  /** @throws where it had to be cut off */
  stop(deadlineMs: number): Promise<void>;
}

const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
type StopSignal = keyof typeof SIGNAL_NUMBERS;
const STOP_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Ctrl-C under `npm start` arrives twice at once, from the terminal and forwarded by npm: one wish, not two. */
const SAME_WISH_MS = 1_000;

/** For faults found before anything runs: a line each on standard error, and nothing is started. */
export function exitOnFaults(error: unknown): never {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(EXIT_CONFIGURATION);
}

/** The one door out of the process: ends all that was started, in reverse order, and decides the exit code. */
export class Shutdown {
  private readonly parts: { readonly name: string; readonly stop: (deadlineMs: number) => Promise<void> }[] = [];
  private readonly stopping = new AbortController();
  private begunAt = 0;
  private exitCode = 0;

  constructor(
    private readonly deadlineMs: number,
    private readonly log: Logger,
  ) {
    for (const signal of STOP_SIGNALS) process.on(signal, () => this.signalled(signal));
    // Unhandled rejections come here too. Nobody knows what state they leave behind, so the process ends.
    process.on('uncaughtException', (error) => this.fail(error));
  }

  /** Aborted as soon as the process begins to stop. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /**
   * Takes over ending a part, also when it is still starting as the process is told to stop.
   * @throws when the process is stopping already
   */
  async own<T extends Part>(name: string, starting: T | Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    // What could not start has nothing to end.
    const started = Promise.resolve(starting).catch(() => null);
    this.parts.push({ name, stop: async (deadlineMs) => (await started)?.stop(deadlineMs) });
    return starting;
  }

  /** Ends the process for an error: 78 with one line per fault for a wrong configuration, 1 for anything else. */
  fail(error: unknown): void {
    // Steps of the start that are cut off by a stop fail too; they are not why the process ends.
    if (this.signal.aborted) {
      this.log.debug({ err: error }, 'while stopping');
      return;
    }
    if (error instanceof ConfigurationError) {
      process.stderr.write(`${error.message}\n`);
      this.exitCode = EXIT_CONFIGURATION;
    } else {
      this.log.fatal({ err: error }, `the process ends: ${error instanceof Error ? error.message : String(error)}`);
      this.exitCode = 1;
    }
    void this.end();
  }

  private signalled(signal: StopSignal): void {
    if (!this.signal.aborted) {
      this.log.info(`${signal}: stopping; what runs may finish within ${this.deadlineMs} ms`);
      void this.end();
    } else if (performance.now() - this.begunAt > SAME_WISH_MS) {
      this.log.warn(`${signal} again: leaving at once`);
      process.exit(128 + SIGNAL_NUMBERS[signal]);
    }
  }

  private async end(): Promise<void> {
    this.begunAt = performance.now();
    this.stopping.abort();
    for (const { name, stop } of this.parts.toReversed()) {
      try {
        await stop(this.deadlineMs);
      } catch (error) {
        this.log.error({ err: error }, `${name} did not stop properly`);
        this.exitCode = 1;
      }
    }
    this.log.info('stopped');
    process.exit(this.exitCode);
  }
}
