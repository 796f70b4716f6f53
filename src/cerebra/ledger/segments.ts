import { join } from 'node:path';
import type { Logger } from 'pino';
import { eachLine } from './lines.pure.js';
import { Segment, SEGMENT_SUFFIX } from './segment.js';

export interface SegmentLimits {
  /** A segment is followed by another once it is this large. */
  readonly segmentBytes: number;
  /** All segments together; beyond it nothing is appended until PostgreSQL has taken some. */
  readonly totalBytes: number;
}

/** Rows on their way into PostgreSQL. */
export interface Batch {
  /** Each a line in COPY's text format. */
  readonly rows: readonly Buffer[];
  /** They are in PostgreSQL. */
  committed(): void;
  /** They are not: they come again. */
  failed(): void;
}

/** The files of the spool, oldest first: appended to at one end, read at the other. */
export class Segments {
  readonly #files: Segment[];
  #current: Segment | null = null;
  #made = 0;

  constructor(
    private readonly directory: string,
    leftovers: readonly Segment[],
    private readonly limits: SegmentLimits,
    /** Whether appended lines must survive a power cut, too. */
    private readonly synced: boolean,
    private readonly log: Logger,
  ) {
    this.#files = [...leftovers];
  }

  get bytes(): number {
    return this.#files.reduce((sum, { size }) => sum + size, 0);
  }

  get uncommitted(): number {
    return this.#files.reduce((sum, { size, committed }) => sum + size - committed, 0);
  }

  /** Rejects with nothing appended, or with some of it: then all must be appended again (rows may come twice). */
  async append(lines: Buffer, openIntents: () => Buffer): Promise<void> {
    try {
      if (this.bytes + lines.length > this.limits.totalBytes) {
        throw new Error(`The spool holds its ${this.limits.totalBytes} bytes already.`);
      }
      const current = this.#current;
      const fits = current !== null && current.size < this.limits.segmentBytes;
      await (fits ? current : await this.#begin(openIntents())).append(lines, this.synced);
    } catch (error) {
      // The last line of the file may be torn, and intents may have been missed: the next one begins with a new file.
      const abandoned = this.#current;
      this.#current = null;
      await abandoned?.close().catch(() => undefined);
      throw error;
    }
  }

  /** The oldest rows that are not committed, or null. */
  async read(maxBytes: number): Promise<Batch | null> {
    for (;;) {
      const segment = this.#files.find(({ committed, size }) => committed < size);
      if (segment === undefined) return null;
      const rows: Buffer[] = [];
      const end = await this.#collect(segment, maxBytes, rows);
      const committed = (): void => {
        segment.committed = end;
      };
      if (rows.length > 0) return { rows, committed, failed: () => undefined };
      committed();
    }
  }

  /** Deletes the files in which nothing is needed any more. */
  async tidy(): Promise<void> {
    for (const segment of this.#files.filter((file) => file.superseded && file.committed >= file.size)) {
      this.#files.splice(this.#files.indexOf(segment), 1);
      await segment.delete().catch((error: unknown) => {
        this.log.warn({ err: error, path: segment.path }, 'A finished file of the spool could not be deleted.');
      });
    }
  }

  /** @param settled no call is open: what is committed can go */
  async close(settled: boolean): Promise<void> {
    await this.#current?.close();
    this.#current = null;
    if (settled) this.supersede();
    await this.tidy();
  }

  /** What the intents in all finished files stand for is written elsewhere. */
  supersede(): void {
    for (const segment of this.#files) segment.superseded = segment !== this.#current;
  }

  /** A new file begins with the intents of all calls under way, so that no older one is needed for them. */
  async #begin(openIntents: Buffer): Promise<Segment> {
    this.#made += 1;
    const next = await Segment.create(
      join(this.directory, `${String(this.#made).padStart(8, '0')}${SEGMENT_SUFFIX}`),
      this.synced,
    );
    try {
      await next.append(openIntents, this.synced);
    } catch (error) {
      await next.delete().catch(() => undefined);
      throw error;
    }
    const previous = this.#current;
    this.#files.push(next);
    this.#current = next;
    this.supersede();
    await previous?.close();
    return next;
  }

  /** @returns where the next read begins */
  async #collect(segment: Segment, maxBytes: number, rows: Buffer[]): Promise<number> {
    try {
      const start = segment.committed;
      const lines = await segment.read(start, maxBytes);
      eachLine(lines, (kind, row) => {
        if (kind === 'row') rows.push(row);
      });
      return lines.length > 0 ? start + lines.length : segment.size;
    } catch (error) {
      // One unreadable file must not hold up all that came after it.
      this.log.error(
        { err: error, path: segment.path },
        'A file of the spool cannot be read; its rows are left in it.',
      );
      this.#files.splice(this.#files.indexOf(segment), 1);
      return segment.size;
    }
  }
}
