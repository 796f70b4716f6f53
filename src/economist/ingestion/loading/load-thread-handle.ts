import { Worker } from 'node:worker_threads';
import { unpackFailure } from './failure.js';
import type { LoadedPart, LoadWatch } from './part-loader.js';
import type { PartFeed } from './part-feed.js';
import { isReport, type LoadJob, type Order, type Report } from './thread/messages.js';

/** Megabytes. Rows lie in buffers outside of the heap; what is in it is small, whatever the file. */
const HEAP_MB = 256;

/** The file that a thread runs. */
export interface ThreadEntry {
  readonly url: URL;
  /** Options of Node for it; its parent's where left out. */
  readonly execArgv?: readonly string[];
}

interface RunningLoad {
  readonly feed: PartFeed;
  readonly watch: LoadWatch;
  readonly ended: PromiseWithResolvers<LoadedPart>;
}

/** A thread that loads one part at a time, so that the context's own loop never waits for a file. */
export class LoadThreadHandle {
  readonly #worker: Worker;
  readonly #gone: Promise<void>;
  #isAlive = true;
  #running: RunningLoad | null = null;

  constructor({ url, execArgv }: ThreadEntry) {
    this.#worker = new Worker(url, {
      name: 'economist load',
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    });
    this.#worker.on('message', (message: unknown) => {
      if (isReport(message) && this.#running !== null) this.#heed(message, this.#running);
    });
    this.#worker.on('error', (error) => this.#running?.ended.reject(error));
    this.#gone = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#isAlive = false;
        this.#running?.ended.reject(new Error(`the thread that loaded the part exited with code ${code}`));
        resolve();
      });
    });
  }

  /** False: it crashed or was ended, and can load nothing more. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** @throws the signal's reason once it is aborted; the thread is gone then */
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
      // Aborted, or its input failed: the thread is still in the middle of it.
      if (this.#running !== null) await this.end();
      throw error;
    } finally {
      this.#running = null;
      watch.signal.removeEventListener('abort', abort);
      await feed.close();
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
    await this.#gone;
  }

  #heed(report: Report, running: RunningLoad): void {
    switch (report.kind) {
      case 'open':
        void this.#answer(running, () => running.feed.open());
        return;
      case 'next':
        void this.#answer(running, async () => this.#order(await running.feed.next()));
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

  async #answer(running: RunningLoad, answer: () => Promise<void>): Promise<void> {
    try {
      await answer();
    } catch (error) {
      running.ended.reject(error);
    }
  }

  #order(order: Order): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#worker.postMessage(order);
  }
}
