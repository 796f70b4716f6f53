import { join } from 'node:path';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Call } from '../gateway/call.js';
import { toPicoUsd } from '../pricing/money.js';
import { Ledger } from './ledger.js';
import { LedgerWriter } from './ledger-writer.js';
import { findLeftovers, recordLostCalls } from './recovery.js';
import { RequestsStore } from './requests-store.js';
import { endedRow, lostRow } from './row.pure.js';
import { openSpoolHome, type SpoolHome } from './spool-home.js';
import { Spool, spoolLimits, type SpoolLimits } from './spool.js';

export interface SpoolLedgerOptions {
  readonly dataDir: string;
  readonly databaseUrl: string;
  /**
   * `interval`: a killed process loses what was appended in its last 50 ms; a power cut also what PostgreSQL had not
   * taken yet, some 300 ms. `always`: whoever waits for {@link SpoolLedger.durable} loses nothing to either.
   */
  readonly sync: 'interval' | 'always';
  readonly log: Logger;
  readonly limits?: SpoolLimits;
}

/** What the rows left after this may be is on disk, and the next start brings it over. */
const DRAIN_MS = 5_000;

/** How the ledger is doing, for metrics and health. */
export interface LedgerState {
  readonly spoolBytes: number;
  /** Bytes that PostgreSQL has not taken. */
  readonly waitingBytes: number;
  /** Rows for which there was no room on disk or in memory, or which PostgreSQL refused. */
  readonly lostRows: number;
  /** False: rows wait in memory, and a crash would lose them. */
  readonly spoolWritable: boolean;
}

const NOT_OPEN: LedgerState = { spoolBytes: 0, waitingBytes: 0, lostRows: 0, spoolWritable: true };

interface Running {
  readonly home: SpoolHome;
  readonly spool: Spool<Call>;
  readonly writer: LedgerWriter;
}

/** The ledger on an append-only spool, from which rows go into `cerebra.requests` behind the replies. */
export class SpoolLedger extends Ledger implements OnModuleInit, OnApplicationShutdown {
  readonly #recovered = Promise.withResolvers<void>();
  #running: Running | null = null;

  constructor(private readonly options: SpoolLedgerOptions) {
    super();
  }

  /**
   * Resolves when the calls that earlier processes left behind are in PostgreSQL: only then does a sum over the
   * ledger hold all that may have been billed. Waits for as long as PostgreSQL is away.
   */
  get recovered(): Promise<void> {
    return this.#recovered.promise;
  }

  /** Resolves when every call that has ended here is in PostgreSQL, with {@link recovered} before it. */
  async upToDate(): Promise<void> {
    await this.recovered;
    await this.#running?.writer.upToDate();
  }

  get state(): LedgerState {
    if (this.#running === null) return NOT_OPEN;
    const { spool, writer } = this.#running;
    return {
      spoolBytes: spool.bytes,
      waitingBytes: spool.waiting,
      lostRows: spool.dropped + writer.rejected,
      spoolWritable: spool.writable,
    };
  }

  override intend(call: Call): void {
    this.#spool().intend(call.id, call);
  }

  override record(call: Call): void {
    this.#spool().record(call.id, endedRow(call));
  }

  override durable(): Promise<void> | null {
    return this.options.sync === 'always' ? this.#spool().flush() : null;
  }

  async onModuleInit(): Promise<void> {
    const { dataDir, databaseUrl, sync, log, limits = spoolLimits } = this.options;
    const home = await openSpoolHome(join(dataDir, 'cerebra', 'spool'));
    try {
      const leftovers = await findLeftovers(home.claimed);
      const spool = new Spool<Call>({
        directory: home.directory,
        leftovers,
        synced: sync === 'always',
        intentOf: (call) => lostRow(call, toPicoUsd(call.bound)),
        limits,
        log,
      });
      await recordLostCalls(leftovers, spool, log);
      const writer = new LedgerWriter(spool, new RequestsStore(databaseUrl), log);
      writer.start();
      this.#running = { home, spool, writer };
      this.#recovered.resolve(writer.caughtUp);
    } catch (error) {
      await home.release();
      throw error;
    }
  }

  /** By now every call has ended. */
  async onApplicationShutdown(): Promise<void> {
    if (this.#running === null) return;
    const { home, spool, writer } = this.#running;
    await spool.flush();
    await writer.drain(DRAIN_MS);
    await spool.close();
    await home.release();
  }

  #spool(): Spool<Call> {
    if (this.#running === null) throw new Error('The ledger has not been opened yet.');
    return this.#running.spool;
  }
}
