import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource, QueryRunner } from 'typeorm';
import { createDataSource } from '../../../src/platform/database/data-source.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../../src/platform/database/embedded.js';
import { makeDataDirectory, type DataDirectory } from '../../support/data-directory.js';
import { serverPid } from '../../support/embedded-process.js';
import { until } from '../../support/until.js';

describe('a DataSource whose PostgreSQL goes away', () => {
  let data: DataDirectory;
  let postgres: EmbeddedPostgres;
  let dataSource: DataSource;

  const start = (port?: number) => startEmbeddedPostgres({ dataDir: data.path, log: () => undefined, port });
  const answers = async (): Promise<boolean> =>
    dataSource.query('SELECT 1').then(
      () => true,
      () => false,
    );

  beforeEach(async () => {
    data = await makeDataDirectory();
    postgres = await start();
    const storage = { schema: 'public', entities: [], migrations: [] };
    dataSource = createDataSource({ url: postgres.url, name: 'outage.spec', storage, poolSize: 4 });
    await dataSource.initialize();
  });

  afterEach(async () => {
    await dataSource.destroy();
    await postgres.stop();
    await data.remove();
  });

  const endings = [
    { how: 'stops properly', end: () => postgres.stop() },
    {
      how: 'is killed',
      end: async () => {
        process.kill(serverPid(data.path), 'SIGKILL');
        await postgres.exited;
      },
    },
  ];

  it.each(endings)('fails its queries while it is away, and works again when it is back ($how)', async ({ end }) => {
    const running = [1, 2, 3].map(() => dataSource.query('SELECT pg_sleep(30)').catch((error: unknown) => error));
    const open = dataSource.createQueryRunner();
    await open.startTransaction();
    await open.query('SELECT 1');
    await until(async () => (await sleepers(open)) === 3);

    await end();
    for (const result of await Promise.all(running)) expect(result).toBeInstanceOf(Error);
    expect(await answers()).toBe(false);
    await expect(open.query('SELECT 1')).rejects.toThrow();
    await open.release();

    postgres = await start(Number(new URL(postgres.url).port));
    await until(answers);
    // Every connection of the pool, not only one.
    expect(await Promise.all([1, 2, 3, 4].map(answers))).toEqual([true, true, true, true]);
  });
});

/** Asked on the one connection that is left. */
async function sleepers(runner: QueryRunner): Promise<number> {
  // Within a transaction PostgreSQL would repeat its first answer.
  await runner.query('SELECT pg_stat_clear_snapshot()');
  const rows = await runner.manager.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)' AND state = 'active'`,
  );
  return rows[0]?.count ?? 0;
}
