import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../database/embedded.js';
import { failuresInARow, restartDelayMs } from './restart.pure.js';
import type { Part } from './shutdown.js';

/**
 * The embedded PostgreSQL. When it ends by itself it is started again at the same address, so that
 * contexts see an outage that passes, and the gateway serves through it.
 */
export class EmbeddedDatabase implements Part {
  readonly embedded = true;
  readonly url: string;
  private readonly stopping = new AbortController();
  private readonly kept: Promise<void>;

  private constructor(
    private server: EmbeddedPostgres,
    private readonly dataDir: string,
    private readonly log: Logger,
  ) {
    this.url = server.url;
    this.kept = this.keepRunning();
  }

  /** @throws where another process has the data directory, or the server does not start */
  static async start(dataDir: string, log: Logger): Promise<EmbeddedDatabase> {
    const server = await startEmbeddedPostgres({ dataDir, log: (line) => log.debug(line) });
    return new EmbeddedDatabase(server, dataDir, log);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.kept;
    await this.server.stop();
  }

  private async keepRunning(): Promise<void> {
    const { signal } = this.stopping;
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    let failures = 0;
    let servedSince: number | null = performance.now();
    for (;;) {
      if (servedSince !== null) await Promise.race([this.server.exited, stopped]);
      if (signal.aborted) return;
      failures = failuresInARow(failures, servedSince === null ? null : performance.now() - servedSince);
      const delayMs = restartDelayMs(failures, Math.random());
      this.log.error({ failures }, `the embedded PostgreSQL has ended; it starts again in ${delayMs} ms`);
      // Only stop() can cut the pause short.
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
      servedSince = !signal.aborted && (await this.startAgain()) ? performance.now() : null;
    }
  }

  private async startAgain(): Promise<boolean> {
    try {
      const { dataDir, log, url } = this;
      this.server = await startEmbeddedPostgres({
        dataDir,
        log: (line) => log.debug(line),
        port: Number(new URL(url).port),
      });
      this.log.info('the embedded PostgreSQL runs again');
      return true;
    } catch (error) {
      this.log.error({ err: error }, 'the embedded PostgreSQL does not start');
      return false;
    }
  }
}
