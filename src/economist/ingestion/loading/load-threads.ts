import { LoadThreadHandle, type ThreadEntry } from './load-thread-handle.js';

/** Threads that load, as many as there are cores to spare. They are kept for the next part, and ended by {@link stop}. */
export class LoadThreads {
  readonly #all = new Set<LoadThreadHandle>();
  readonly #idle: LoadThreadHandle[] = [];
  /** As many as runs are worked on at once. */
  readonly #waiting: (() => void)[] = [];
  #isStopped = false;

  constructor(
    private readonly entry: ThreadEntry,
    private readonly most: number,
  ) {}

  /** Waits for a thread where all are at work. @throws the signal's reason, once it is aborted */
  async use<Result>(signal: AbortSignal, work: (thread: LoadThreadHandle) => Promise<Result>): Promise<Result> {
    const thread = await this.#take(signal);
    try {
      return await work(thread);
    } finally {
      this.#giveBack(thread);
    }
  }

  /** Ends all, those at work too. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const wake of this.#waiting.splice(0)) wake();
    await Promise.all([...this.#all].map((thread) => thread.end()));
  }

  async #take(signal: AbortSignal): Promise<LoadThreadHandle> {
    for (;;) {
      if (signal.aborted) {
        // The turn that was given to one who has left goes to the next.
        this.#waiting.shift()?.();
        throw signal.reason;
      }
      if (this.#isStopped) throw new Error('the threads that load parts are stopped');
      const idle = this.#idle.pop();
      if (idle?.isAlive === true) return idle;
      if (idle !== undefined) this.#all.delete(idle);
      if (this.#all.size < this.most) {
        const thread = new LoadThreadHandle(this.entry);
        this.#all.add(thread);
        return thread;
      }
      await this.#turn(signal);
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const turn = Promise.withResolvers<void>();
    this.#waiting.push(turn.resolve);
    const leave = (): void => turn.resolve();
    signal.addEventListener('abort', leave, { once: true });
    await turn.promise;
    signal.removeEventListener('abort', leave);
    const left = this.#waiting.indexOf(turn.resolve);
    if (left >= 0) this.#waiting.splice(left, 1);
  }

  #giveBack(thread: LoadThreadHandle): void {
    if (thread.isAlive && !this.#isStopped) this.#idle.push(thread);
    else this.#all.delete(thread);
    this.#waiting.shift()?.();
  }
}
