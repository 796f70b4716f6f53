import { afterEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { contexts as registry } from '../../../src/contexts.js';
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
  { kind: 'TimescaleDB', start: startTimescale, hypertables: ['cerebra.requests', 'economist.charges'] },
];

const loaded = await Promise.all(Object.values(registry).map((entry) => entry.load()));
const storages = storagesOf(loaded);

/** What a statement finds, which calls its column `name`. */
async function namesIn(url: string, statement: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ name: string }>(statement)).rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function hypertablesOf(url: string): Promise<string[]> {
  const extension = await namesIn(url, `SELECT extname AS name FROM pg_extension WHERE extname = 'timescaledb'`);
  if (extension.length === 0) return [];
  const table = `hypertable_schema || '.' || hypertable_name`;
  return namesIn(url, `SELECT ${table} AS name FROM timescaledb_information.hypertables ORDER BY 1`);
}

/** One schema's rows could then not be moved, restored or taken back without another's. */
const foreignKeysAcross = (url: string): Promise<string[]> =>
  namesIn(
    url,
    `SELECT conrelid::regclass || ' → ' || confrelid::regclass AS name
     FROM pg_constraint
       JOIN pg_class holder ON holder.oid = conrelid
       JOIN pg_class target ON target.oid = confrelid
     WHERE contype = 'f' AND holder.relnamespace <> target.relnamespace
       AND holder.relnamespace::regnamespace::text = ANY ('{${storages.map(({ schema }) => schema).join()}}')`,
  );

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

  it('tie no schema to another by a foreign key, and one that did would be seen', async () => {
    const server = await start();
    stop = () => server.stop();
    await migrate(server.url, storages);
    expect(await foreignKeysAcross(server.url)).toEqual([]);

    await namesIn(server.url, 'CREATE TABLE platform.canary (id integer PRIMARY KEY)');
    await namesIn(server.url, 'CREATE TABLE cerebra.canary (id integer REFERENCES platform.canary)');
    expect(await foreignKeysAcross(server.url)).toEqual(['cerebra.canary → platform.canary']);
  });
});
