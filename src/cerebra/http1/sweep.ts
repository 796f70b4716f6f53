const SHORTEST_MS = 10;
const LONGEST_MS = 500;

/** One timer for all time-outs, as exact as the shortest of them needs; it runs only while there is something to watch. */
export class Sweep {
  readonly #periodMs: number;
  #timer: NodeJS.Timeout | null = null;

  constructor(
    shortestTimeoutMs: number,
    private readonly check: (nowMs: number) => void,
  ) {
    this.#periodMs = Math.min(Math.max(shortestTimeoutMs / 8, SHORTEST_MS), LONGEST_MS);
  }

  start(): void {
    if (this.#timer !== null) return;
    this.#timer = setInterval(() => this.check(performance.now()), this.#periodMs);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
