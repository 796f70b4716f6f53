import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { unpackFailure } from './failure.js';
import type { PartFeed } from './part-feed.js';
import type { LoadedPart, LoadWatch } from './part-loader.js';
import { isReport, type LoadJob, type Order, type Report } from './process/messages.js';

/** Megabytes. Rows lie in buffers outside of the heap; what is in it is small, whatever the file. */
const HEAP_MB = 256;

/** What a process runs that loads parts. */
export interface LoadProcessEntry {
  readonly url: URL;
  /** Options of Node for it. */
  readonly execArgv: readonly string[];
}

interface RunningLoad {
  readonly feed: PartFeed;
  readonly watch: LoadWatch;
  readonly ended: PromiseWithResolvers<LoadedPart>;
}

/** A process that loads one part at a time. Killing it is safe at any moment: its transaction goes with it. */
export class LoadProcess {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  #isAlive = true;
  #running: RunningLoad | null = null;

  constructor({ url, execArgv }: LoadProcessEntry) {
    this.#child = fork(fileURLToPath(url), {
      execArgv: [...execArgv, `--max-old-space-size=${HEAP_MB}`],
      serialization: 'advanced',
      // What it says when it crashes belongs to what this process says.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message: unknown) => {
      if (isReport(message) && this.#running !== null) this.#heed(message, this.#running);
    });
    this.#gone = new Promise((resolve) => {
      const gone = (how: string): void => {
        this.#isAlive = false;
        this.#running?.ended.reject(new Error(`The process that loaded the part ${how}.`));
        resolve();
      };
      this.#child.once('error', (error) => gone(`could not be started: ${error.message}`));
      this.#child.once('exit', (code, signal) => gone(`ended with ${signal ?? `code ${code}`}`));
    });
  }

  /** False: it crashed or was ended, and can load nothing more. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** @throws the signal's reason once it is aborted; the process is gone then */
  async load(job: LoadJob, feed: PartFeed, watch: LoadWatch): Promise<LoadedPart> {
    const ended = Promise.withResolvers<LoadedPart>();
    this.#running = { feed, watch, ended };
    const abort = (): void => ended.reject(watch.signal.reason);
    watch.signal.addEventListener('abort', abort, { once: true });
    try {
      watch.signal.throwIfAborted();
      this.#order({ kind: 'load', job });
      return await ended.promise;
    } catch (error) {
      // Aborted, or its input failed: the process is still in the middle of it.
      if (this.#running !== null) await this.end();
      throw error;
    } finally {
      this.#running = null;
      watch.signal.removeEventListener('abort', abort);
      feed.close();
    }
  }

  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone;
  }

  #heed(report: Report, running: RunningLoad): void {
    switch (report.kind) {
      case 'next':
        void this.#feed(running, report.isFirst);
        return;
      case 'progress':
        running.watch.onProgress(report.progress);
        return;
      case 'loaded':
        this.#running = null;
        running.ended.resolve(report.part);
        return;
      case 'failed':
        this.#running = null;
        running.ended.reject(unpackFailure(report.failure));
        return;
      default:
        report satisfies never;
    }
  }

  async #feed({ feed, ended }: RunningLoad, isFirst: boolean): Promise<void> {
    try {
      this.#order(await feed.next(isFirst));
    } catch (error) {
      ended.reject(error);
    }
  }

  #order(order: Order): void {
    // One that is gone hears nothing; that it is gone is told by its end.
    if (this.#child.connected) this.#child.send(order, () => undefined);
  }
}
