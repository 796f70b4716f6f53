import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';
import type { ContextStorage } from '../bounded-context.js';
import { createDataSource } from './data-source.js';
import { ensureTimescale } from './timescale.js';

export type NamedStorage = ContextStorage & { readonly name: string };

export interface MigrationStatus {
  readonly context: string;
  /** In the order in which they were applied; may hold some that this version does not know. */
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

/** One lock for all contexts, as they share extensions and the catalogue. The number means nothing. */
export const MIGRATION_LOCK = 4_716_030_018;

/** Another replica may be at a long migration. */
const LOCK_WITHIN_MS = 10 * 60_000;
const LOCK_POLL_MS = 200;

/**
 * Brings each context's schema up to date, one after the other, each migration in a transaction of its own.
 * Safe when several processes start at once: one migrates, the others wait and find nothing left to do.
 * @returns for each context the migrations that were run now
 */
export async function migrate(
  url: string,
  storages: readonly NamedStorage[],
  log: (line: string) => void = () => undefined,
): Promise<ReadonlyMap<string, readonly string[]>> {
  await ensureTimescale(url, log);
  const done = new Map<string, readonly string[]>();
  for (const storage of storages) {
    const names = await locked(url, storage, async (executor, runner) => {
      await ensureSchema(runner, storage.schema);
      const migrations = await executor.executePendingMigrations();
      return migrations.map((migration) => migration.name);
    });
    for (const name of names) log(`${storage.name}: applied ${name}`);
    done.set(storage.name, names);
  }
  return done;
}

/** Takes back the last migration of one context. @returns its name, or null where there is none */
export function revert(url: string, storage: NamedStorage): Promise<string | null> {
  return locked(url, storage, async (executor) => {
    const last = (await executor.getExecutedMigrations())[0];
    if (last === undefined) return null;
    await executor.undoLastMigration();
    return last.name;
  });
}

/** What is applied and what is not, without changing anything. */
export async function status(url: string, storages: readonly NamedStorage[]): Promise<readonly MigrationStatus[]> {
  const all: MigrationStatus[] = [];
  for (const storage of storages) {
    all.push(
      await connected(url, storage, async (executor) => ({
        context: storage.name,
        applied: (await executor.getExecutedMigrations()).map(({ name }) => name).toReversed(),
        pending: (await executor.getPendingMigrations()).map(({ name }) => name),
      })),
    );
  }
  return all;
}

type Work<Result> = (executor: MigrationExecutor, runner: QueryRunner) => Promise<Result>;

/** One connection for lock and work: the lock belongs to the session. */
async function connected<Result>(url: string, storage: NamedStorage, work: Work<Result>): Promise<Result> {
  const dataSource = createDataSource({
    url,
    storage,
    name: `${storage.name} migrations`,
    poolSize: 1,
    statementTimeoutMs: null,
  });
  await dataSource.initialize();
  try {
    return await withRunner(dataSource, work);
  } finally {
    await dataSource.destroy();
  }
}

async function withRunner<Result>(dataSource: DataSource, work: Work<Result>): Promise<Result> {
  const runner = dataSource.createQueryRunner();
  try {
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = 'each';
    return await work(executor, runner);
  } finally {
    await runner.release();
  }
}

const locked = <Result>(url: string, storage: NamedStorage, work: Work<Result>): Promise<Result> =>
  connected(url, storage, async (executor, runner) => {
    await takeLock(runner);
    try {
      return await work(executor, runner);
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  });

/** Asks again and again instead of waiting inside a query, whose snapshot a concurrent index build would wait for. */
async function takeLock(runner: QueryRunner): Promise<void> {
  const deadline = performance.now() + LOCK_WITHIN_MS;
  while (performance.now() < deadline) {
    const rows = await runner.manager.query<{ taken: boolean }[]>('SELECT pg_try_advisory_lock($1) AS taken', [
      MIGRATION_LOCK,
    ]);
    if (rows[0]?.taken === true) return;
    await sleep(LOCK_POLL_MS);
  }
  throw new Error(`Another process has been migrating for more than ${LOCK_WITHIN_MS / 60_000} minutes.`);
}

/** Looked up first: a role that may not create schemas may still own one that was made for it. */
async function ensureSchema(runner: QueryRunner, schema: string): Promise<void> {
  const rows = await runner.manager.query<unknown[]>('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  if (rows.length === 0) await runner.query(`CREATE SCHEMA "${schema}"`);
}
