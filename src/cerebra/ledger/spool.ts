import type { Logger } from 'pino';
import { eachLine, endedLine, intentLine } from './lines.pure.js';
import { PendingLines } from './pending-lines.js';
import type { Segment } from './segment.js';
import { Segments, type Batch, type SegmentLimits } from './segments.js';

export interface SpoolLimits extends SegmentLimits {
  /** What may wait in memory: for the next flush, or for a disk that cannot be written. */
  readonly memoryBytes: number;
}

/** One GiB is some three million calls with PostgreSQL away. */
export const spoolLimits: SpoolLimits = {
  segmentBytes: 8 * 1024 ** 2,
  totalBytes: 1024 ** 3,
  memoryBytes: 16 * 1024 ** 2,
};

/** @template Open what the spool is given of a call under way */
export interface SpoolOptions<Open> {
  readonly directory: string;
  /** Files of processes that are gone, oldest first. */
  readonly leftovers: readonly Segment[];
  /**
   * False: what was flushed survives the end of this process, and a power cut once PostgreSQL has it.
   * True: it survives a power cut at once.
   */
  readonly synced: boolean;
  /** The row that a call gets if nothing more is ever heard of it. */
  readonly intentOf: (call: Open) => string;
  readonly limits: SpoolLimits;
  readonly log: Logger;
}

const FLUSH_MS = 50;
/** How soon a disk that could not be written is tried again. */
const RETRY_MS = 1_000;

/**
 * An append-only queue on disk between the calls and PostgreSQL. Appending costs a copy; one timer, which runs only
 * while something waits, writes what has gathered. An intent is written with the first flush that finds its call under
 * way: one that has ended by then has its row there.
 *
 * A disk that is full or broken does not stop the gateway: lines then wait in memory, from where their rows go
 * straight to PostgreSQL. What does not fit any more is dropped and counted: that needs both of them away.
 */
export class Spool<Open> {
  readonly #segments: Segments;
  readonly #pending: PendingLines;
  /** Calls under way whose intents are on disk; with those below, as many as the gateway has calls. */
  readonly #open = new Map<string, Open>();
  /** Calls under way that no flush has met. */
  #begun = new Map<string, Open>();
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;
  #writable = true;
  #overflowing = false;
  #dropped = 0;

  constructor(private readonly options: SpoolOptions<Open>) {
    const { directory, leftovers, limits, synced, log } = options;
    this.#segments = new Segments(directory, leftovers, limits, synced, log);
    this.#pending = new PendingLines(limits.memoryBytes);
  }

  /** Told when something may be there to read; set by the one who reads. */
  onArrival: () => void = () => undefined;

  get bytes(): number {
    return this.#segments.bytes;
  }
  /** Bytes that PostgreSQL has not taken. */
  get waiting(): number {
    return this.#segments.uncommitted + this.#pending.length;
  }
  /** Rows that found no room, neither on disk nor in memory. */
  get dropped(): number {
    return this.#dropped;
  }
  get writable(): boolean {
    return this.#writable;
  }

  intend(callId: string, call: Open): void {
    this.#begun.set(callId, call);
    this.#arm();
  }

  record(callId: string, row: string): void {
    if (!this.#begun.delete(callId)) this.#open.delete(callId);
    if (!this.#append(endedLine(row))) this.#dropped += 1;
  }

  /**
   * Resolves when all that was appended so far is on disk, or in memory only where the disk cannot be written.
   * Calls that wait share one write and one sync.
   */
  flush(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = null;
      this.#running = this.#write();
      return this.#running;
    });
    return this.#next;
  }

  /** The oldest rows that PostgreSQL has not taken, or null. Asked by one writer, a batch at a time. */
  async read(maxBytes: number): Promise<Batch | null> {
    const batch = (await this.#segments.read(maxBytes)) ?? (this.#writable ? null : this.#fromMemory());
    await this.#segments.tidy();
    return batch;
  }

  /** What stood in the leftovers as intents stands in the spool as rows. */
  supersedeLeftovers(): void {
    this.#segments.supersede();
  }

  async close(): Promise<void> {
    await this.flush();
    this.#disarm();
    if (!this.#writable)
      this.options.log.error({ bytes: this.#pending.length }, 'Rows of the ledger end with this process.');
    await this.#segments.close(this.#open.size + this.#begun.size === 0);
  }

  #append(line: string): boolean {
    const fits = this.#pending.append(line);
    if (fits) this.#arm();
    else if (!this.#overflowing) {
      this.#overflowing = true;
      this.options.log.error('The ledger has no room left on disk or in memory: rows are lost.');
    }
    return fits;
  }

  #arm(): void {
    this.#timer ??= setTimeout(() => void this.flush(), this.#writable ? FLUSH_MS : RETRY_MS);
  }

  #disarm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #write(): Promise<void> {
    this.#disarm();
    this.#appendIntents();
    const lines = this.#pending.take();
    if (lines.length === 0) return;
    try {
      await this.#segments.append(lines, () => this.#openIntents());
      this.#pending.done(lines);
      if (!this.#writable) this.options.log.info('The spool of the ledger can be written again.');
      this.#writable = true;
      this.#overflowing = false;
    } catch (error) {
      this.#pending.putBack(lines);
      if (this.#writable) {
        this.options.log.error({ err: error }, 'The spool cannot be written: rows go to PostgreSQL from memory.');
      }
      this.#writable = false;
      this.#arm();
    }
    this.onArrival();
  }

  #appendIntents(): void {
    const begun = this.#begun;
    this.#begun = new Map();
    for (const [callId, call] of begun) {
      this.#open.set(callId, call);
      this.#append(intentLine(this.options.intentOf(call)));
    }
  }

  #openIntents(): Buffer {
    return Buffer.from([...this.#open.values()].map((call) => intentLine(this.options.intentOf(call))).join(''));
  }

  #fromMemory(): Batch | null {
    const lines = this.#pending.take();
    const rows: Buffer[] = [];
    eachLine(lines, (kind, row) => {
      if (kind === 'row') rows.push(row);
    });
    const committed = (): void => this.#pending.done(lines);
    const failed = (): void => {
      this.#pending.putBack(lines);
      this.#arm();
    };
    if (rows.length > 0) return { rows, committed, failed };
    // Intents alone: the next file begins with those of the calls that are still open.
    committed();
    return null;
  }
}
