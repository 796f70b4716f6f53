import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { refusesData, type RequestsStore } from './requests-store.js';
import type { Batch } from './segments.js';
import type { Spool } from './spool.js';

/** Some four thousand rows. */
const BATCH_BYTES = 1024 ** 2;
/** How long rows gather once some are there: few transactions, and rows that can be read soon after their call. */
const GATHER_MS = 250;
const LONGEST_BACK_OFF_MS = 5_000;

/** Carries rows from the spool into PostgreSQL, a batch at a time; waits while it is away, and goes on by itself. */
export class LedgerWriter {
  readonly #caughtUp = Promise.withResolvers<void>();
  #loop: Promise<void> = Promise.resolve();
  readonly #stop = new AbortController();
  /** The deadline of the drain has passed. */
  #isLate = false;
  /** Shared by all who wait for the next round; one more for each round that still found rows. */
  #upcoming: PromiseWithResolvers<void> | null = null;
  readonly #carriedOver: PromiseWithResolvers<void>[] = [];
  #hurry = new AbortController();
  #arrived = false;
  #onArrival: () => void = () => undefined;
  #failures = 0;
  #rejected = 0;

  constructor(
    private readonly spool: Pick<Spool<never>, 'read' | 'flush' | 'onArrival'>,
    private readonly store: Pick<RequestsStore, 'insert' | 'close'>,
    private readonly log: Logger,
  ) {}

  /** Resolves once all that was there at the start is in PostgreSQL. */
  get caughtUp(): Promise<void> {
    return this.#caughtUp.promise;
  }
  /** Resolves once all that was recorded before the call is in PostgreSQL, however long that is away. */
  async upToDate(): Promise<void> {
    await this.spool.flush();
    // A read that has begun may have missed what was just flushed: only those of later rounds count.
    const reached = (this.#upcoming ??= Promise.withResolvers<void>());
    this.#arrived = true;
    this.#onArrival();
    this.#hurry.abort();
    this.#hurry = new AbortController();
    await reached.promise;
  }

  /** Rows that PostgreSQL will never take. */
  get rejected(): number {
    return this.#rejected;
  }

  start(): void {
    this.spool.onArrival = () => {
      this.#arrived = true;
      this.#onArrival();
    };
    this.#loop = this.#run();
  }

  /** Brings over what is left. Gives up at the first failure or at the deadline: the rest stays in the spool. */
  async drain(deadlineMs: number): Promise<void> {
    this.#stop.abort();
    this.#onArrival();
    const deadline = setTimeout(() => {
      this.#isLate = true;
      void this.store.close();
    }, deadlineMs);
    await this.#loop.finally(() => clearTimeout(deadline));
    await this.store.close();
  }

  async #run(): Promise<void> {
    for (;;) {
      this.#arrived = false;
      const awaited = this.#upcoming;
      this.#upcoming = null;
      const batch = await this.spool.read(BATCH_BYTES);
      if (batch !== null) {
        if (awaited !== null) this.#carriedOver.push(awaited);
        const taken = await this.#carry(batch);
        if (this.#isLate) return;
        if (taken) continue;
        if (this.#stop.signal.aborted) return;
        await this.#pause(Math.min(GATHER_MS * 2 ** this.#failures, LONGEST_BACK_OFF_MS));
      } else {
        this.#caughtUp.resolve();
        for (const reached of [...this.#carriedOver.splice(0), awaited]) reached?.resolve();
        if (this.#stop.signal.aborted) return;
        await this.#arrival();
        await this.#gather();
      }
    }
  }

  async #arrival(): Promise<void> {
    if (this.#arrived) return;
    await new Promise<void>((arrived) => {
      this.#onArrival = arrived;
    });
  }

  /** Rows travel together; but not while somebody waits for them. */
  async #gather(): Promise<void> {
    if (this.#upcoming !== null) return;
    await this.#pause(GATHER_MS, AbortSignal.any([this.#stop.signal, this.#hurry.signal]));
  }

  async #pause(milliseconds: number, signal = this.#stop.signal): Promise<void> {
    await delay(milliseconds, undefined, { signal }).catch(() => undefined);
  }

  /** @returns whether PostgreSQL has it */
  async #carry(batch: Batch): Promise<boolean> {
    try {
      await this.#insert(batch.rows);
    } catch (error) {
      batch.failed();
      if (this.#failures === 0) this.log.warn({ err: error }, 'PostgreSQL takes no rows now; the spool keeps them.');
      this.#failures += 1;
      return false;
    }
    batch.committed();
    if (this.#failures > 0) this.log.info('PostgreSQL takes the rows of the ledger again.');
    this.#failures = 0;
    return true;
  }

  /** Halves a batch until the row that PostgreSQL refuses stands alone: one bad row must not hold up all others. */
  async #insert(rows: readonly Buffer[]): Promise<void> {
    try {
      await this.store.insert(rows);
    } catch (error) {
      if (!refusesData(error)) throw error;
      if (rows.length > 1) {
        const half = rows.length >> 1;
        await this.#insert(rows.slice(0, half));
        await this.#insert(rows.slice(half));
        return;
      }
      this.#rejected += 1;
      this.log.error({ err: error, row: rows[0]?.toString() }, 'PostgreSQL refuses this row of the ledger.');
    }
  }
}
