import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource, type EntityManager } from 'typeorm';
import { LOGGER } from '../../platform/tokens.js';

/** Changes hold on every replica within a second: half of it to notice, half to read. */
const POLL_MS = 500;

/** Reads what changed after `revision` and returns the newest that it has seen. */
export type Follower = (revision: bigint) => Promise<bigint>;

/**
 * Tells every replica that settings have changed. A writer bumps the revision in its own transaction, which also
 * puts the writers in line: who reads revision n sees all changes up to n. While PostgreSQL is away the last known
 * state stays in force.
 */
@Injectable()
export class Revisions implements OnApplicationShutdown {
  private readonly followed = new Map<string, Followed>();
  private timer: NodeJS.Timeout | null = null;
  private poll: Promise<void> = Promise.resolve();
  private away = false;
  private stopped = false;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** @returns the revision to write into the rows that this transaction changes */
  async bump(manager: EntityManager, name: string): Promise<string> {
    const rows = await manager.query<{ revision: string }[]>(
      `INSERT INTO cerebra.revisions AS r (name, revision) VALUES ($1, 1)
       ON CONFLICT (name) DO UPDATE SET revision = r.revision + 1 RETURNING revision`,
      [name],
    );
    const [row] = rows;
    if (!row) throw new Error(`No revision came back for ${name}.`);
    return row.revision;
  }

  /** Loads for the first time, then on every change. @returns how to read a change at once, after one's own write */
  async follow(name: string, follower: Follower): Promise<() => Promise<void>> {
    const followed = new Followed(follower);
    await followed.refresh();
    this.followed.set(name, followed);
    this.schedule();
    return () => this.readNow(name, followed);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.poll;
  }

  private async readNow(name: string, followed: Followed): Promise<void> {
    try {
      await followed.refresh();
    } catch (error) {
      // The write is committed, so it must not be reported as failed; the poll reads it as soon as it can.
      this.log.warn({ err: error, name }, 'a change was stored but could not be read back yet');
    }
  }

  private schedule(): void {
    if (this.timer || this.stopped) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.poll = this.readRevisions().finally(() => this.schedule());
    }, POLL_MS);
    this.timer.unref();
  }

  private async readRevisions(): Promise<void> {
    try {
      // In this order, since a key that is known before its budget would be held by nothing.
      const rows = await this.dataSource.query<{ name: string; revision: string }[]>(
        'SELECT name, revision FROM cerebra.revisions ORDER BY name',
      );
      for (const { name, revision } of rows) {
        const followed = this.followed.get(name);
        if (followed && followed.revision < BigInt(revision)) await followed.refresh();
      }
      if (this.away) this.log.info('settings are read from the database again');
      this.away = false;
    } catch (error) {
      if (!this.away) this.log.warn({ err: error }, 'settings cannot be read; the last known ones stay in force');
      this.away = true;
    }
  }
}

/** One reader at a time: a slow old read that ends after a newer one would bring a revoked key back. */
class Followed {
  revision = 0n;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly follower: Follower) {}

  refresh(): Promise<void> {
    const next = this.running.then(async () => {
      this.revision = await this.follower(this.revision);
    });
    this.running = next.catch(() => undefined);
    return next;
  }
}
