import { afterEach, describe, expect, it } from '@jest/globals';
import { contexts as registry } from '../../../src/contexts.js';
import { createDataSource } from '../../../src/platform/database/data-source.js';
import { migrate, revert, status } from '../../../src/platform/database/migrator.js';
import { storagesOf } from '../../../src/platform/database/storages.js';
import { createTestDatabase } from '../../support/postgres.js';
import { startTimescale } from '../../support/timescale.js';

const servers = [
  {
    kind: 'PostgreSQL',
    start: async () => {
      const database = await createTestDatabase();
      return { url: database.url, stop: () => database.drop() };
    },
    hypertables: [],
  },
  { kind: 'TimescaleDB', start: startTimescale, hypertables: ['cerebra.requests'] },
];

const loaded = await Promise.all(Object.values(registry).map((entry) => entry.load()));
const storages = storagesOf(loaded);

async function hypertablesOf(url: string): Promise<string[]> {
  const dataSource = createDataSource({
    url,
    name: 'timescale.spec',
    storage: { schema: 'public', entities: [], migrations: [] },
    poolSize: 1,
  });
  await dataSource.initialize();
  try {
    const [{ found } = { found: false }] = await dataSource.manager.query<{ found: boolean }[]>(
      `SELECT to_regclass('timescaledb_information.hypertables') IS NOT NULL AS found`,
    );
    if (!found) return [];
    const rows = await dataSource.manager.query<{ name: string }[]>(
      `SELECT hypertable_schema || '.' || hypertable_name AS name FROM timescaledb_information.hypertables ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  } finally {
    await dataSource.destroy();
  }
}

describe.each(servers)('the migrations of every context on $kind', ({ start, hypertables }) => {
  let stop: () => Promise<void> = async () => {};

  afterEach(() => stop());

  it('apply, can all be taken back, and apply again', async () => {
    const server = await start();
    stop = () => server.stop();
    const all = storages.flatMap(({ migrations }) => migrations.map(({ name }) => name));
    expect(all.length).toBeGreaterThan(6);

    const applied = await migrate(server.url, storages);
    expect([...applied.values()].flat()).toEqual(all);
    expect(await hypertablesOf(server.url)).toEqual(hypertables);

    for (const storage of storages.toReversed()) {
      for (const { name } of storage.migrations.toReversed()) expect(await revert(server.url, storage)).toBe(name);
    }
    expect((await status(server.url, storages)).flatMap((context) => context.applied)).toEqual([]);

    await migrate(server.url, storages);
    expect((await status(server.url, storages)).flatMap((context) => context.pending)).toEqual([]);
  });
});
