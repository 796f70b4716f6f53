import { LoadProcess, type LoadProcessEntry } from './load-process.js';

/** Parts of a delivery follow each other at once; after that, a process that waits is memory that nobody uses. */
const IDLE_MS = 15_000;

/** Processes that load, as many as there are cores to spare. Those that wait end after a while, all by {@link stop}. */
export class LoadProcesses {
  readonly #all = new Set<LoadProcess>();
  readonly #idle: LoadProcess[] = [];
  /** Those who wait for a process: as many as runs are worked on at once. */
  readonly #queue: (() => void)[] = [];
  #idleTimer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(
    private readonly entry: LoadProcessEntry,
    private readonly most: number,
  ) {}

  /** Waits for a process where all are at work. @throws the signal's reason, once it is aborted */
  async use<Result>(signal: AbortSignal, work: (process: LoadProcess) => Promise<Result>): Promise<Result> {
    const process = await this.#take(signal);
    try {
      return await work(process);
    } finally {
      this.#giveBack(process);
    }
  }

  /** Ends all, those at work too. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#idleTimer);
    for (const wake of this.#queue.splice(0)) wake();
    await Promise.all([...this.#all].map((process) => process.end()));
  }

  async #take(signal: AbortSignal): Promise<LoadProcess> {
    for (;;) {
      if (signal.aborted) {
        // The turn that was given to one who has left goes to the next.
        this.#queue.shift()?.();
        throw signal.reason;
      }
      if (this.#isStopped) throw new Error('The processes that load parts are stopped.');
      const idle = this.#idle.pop();
      if (idle?.isAlive === true) return idle;
      if (idle !== undefined) this.#all.delete(idle);
      else if (this.#all.size < this.most) return this.#start();
      else await this.#turn(signal);
    }
  }

  #start(): LoadProcess {
    const process = new LoadProcess(this.entry);
    this.#all.add(process);
    return process;
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const turn = Promise.withResolvers<void>();
    const leave = (): void => turn.resolve();
    this.#queue.push(leave);
    signal.addEventListener('abort', leave, { once: true });
    await turn.promise;
    signal.removeEventListener('abort', leave);
    const left = this.#queue.indexOf(leave);
    if (left >= 0) this.#queue.splice(left, 1);
  }

  #giveBack(process: LoadProcess): void {
    if (process.isAlive && !this.#isStopped) {
      this.#idle.push(process);
      clearTimeout(this.#idleTimer);
      this.#idleTimer = setTimeout(() => this.#endIdle(), IDLE_MS).unref();
    } else this.#all.delete(process);
    this.#queue.shift()?.();
  }

  #endIdle(): void {
    for (const process of this.#idle.splice(0)) {
      this.#all.delete(process);
      void process.end();
    }
  }
}
