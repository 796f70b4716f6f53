import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { createDataSource } from '../../../src/platform/database/data-source.js';
import { migrate, revert, type NamedStorage } from '../../../src/platform/database/migrator.js';
import { createTimePartitioned, maintainPartitions } from '../../../src/platform/database/partitions.js';
import { instant, toIso, type Instant } from '../../../src/platform/time.js';
import { createTestDatabase } from '../../support/postgres.js';
import { startTimescale } from '../../support/timescale.js';

const TABLE = 'sampling.samples';
const NOW = instant(Date.now());
const daysFromNow = (days: number): Instant => instant(NOW + days * 86_400_000);

class CreateSamples1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTimePartitioned(runner, {
      table: TABLE,
      column: 'taken_at',
      interval: 'day',
      columns: `id bigint NOT NULL, taken_at timestamptz NOT NULL, note text DEFAULT 'none', PRIMARY KEY (id, taken_at)`,
    });
    await runner.query(`CREATE INDEX samples_note ON ${TABLE} (note, taken_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE ${TABLE}`);
  }
}

const storage: NamedStorage = {
  name: 'sampling',
  schema: 'sampling',
  entities: [],
  migrations: [CreateSamples1764000000000],
};

const upkeep = (dataSource: DataSource, retentionDays: number | null) =>
  maintainPartitions(dataSource, { table: TABLE, interval: 'day', ahead: 3, retentionDays, now: NOW });

async function insert(dataSource: DataSource, id: number, takenAt: Instant): Promise<void> {
  await dataSource.query(`INSERT INTO ${TABLE} (id, taken_at) VALUES ($1, $2)`, [id, toIso(takenAt)]);
}

async function ids(dataSource: DataSource, table = TABLE): Promise<number[]> {
  const rows = await dataSource.manager.query<{ id: string }[]>(`SELECT id FROM ${table} ORDER BY id`);
  return rows.map((row) => Number(row.id));
}

const servers = [
  {
    kind: 'native partitions',
    start: async () => {
      const database = await createTestDatabase();
      return { url: database.url, stop: () => database.drop() };
    },
    proof: `SELECT 1 FROM pg_partitioned_table WHERE partrelid = '${TABLE}'::regclass`,
  },
  {
    kind: 'TimescaleDB',
    start: startTimescale,
    proof: `SELECT 1 FROM timescaledb_information.hypertables WHERE hypertable_name = 'samples'`,
  },
];

describe.each(servers)('a table by time on $kind', ({ start, proof }) => {
  let server: { url: string; stop(): Promise<void> };
  let dataSource: DataSource;

  beforeAll(async () => {
    server = await start();
    await migrate(server.url, [storage]);
    // One connection: the TimescaleDB in this process serves no more at a time.
    dataSource = createDataSource({ url: server.url, name: 'partitions.spec', storage, poolSize: 1 });
    await dataSource.initialize();
  });

  afterAll(async () => {
    await dataSource.destroy();
    await server.stop();
  });

  beforeEach(() => dataSource.query(`TRUNCATE ${TABLE}`));

  it('is made by the same migration, with its keys, defaults and indexes', async () => {
    expect(await dataSource.manager.query<unknown[]>(proof)).toHaveLength(1);
    await insert(dataSource, 1, NOW);
    await expect(insert(dataSource, 1, NOW)).rejects.toThrow(/duplicate key/);
    expect(await dataSource.query(`SELECT note FROM ${TABLE}`)).toEqual([{ note: 'none' }]);
    const indexes = await dataSource.manager.query<unknown[]>(
      `SELECT 1 FROM pg_indexes WHERE schemaname = 'sampling' AND indexname = 'samples_note'`,
    );
    expect(indexes).toHaveLength(1);
  });

  it('takes a row of any time, and keeps it through the upkeep', async () => {
    for (const [id, days] of [-4_000, -1, 0, 1, 2_000].entries()) await insert(dataSource, id, daysFromNow(days));
    await upkeep(dataSource, null);
    expect(await ids(dataSource)).toEqual([0, 1, 2, 3, 4]);
  });

  it('drops what is past its retention, and nothing else', async () => {
    for (const [id, days] of [-4_000, -10, -5, -3, 0, 2].entries()) await insert(dataSource, id, daysFromNow(days));
    await upkeep(dataSource, null);
    const { dropped } = await upkeep(dataSource, 4);
    expect(dropped.length).toBeGreaterThanOrEqual(2);
    expect(await ids(dataSource)).toEqual([3, 4, 5]);
    expect(await upkeep(dataSource, 4)).toEqual({ added: [], dropped: [] });
  });

  it('goes when its migration is taken back, and comes again', async () => {
    await dataSource.destroy();
    expect(await revert(server.url, storage)).toBe('CreateSamples1764000000000');
    expect(await migrate(server.url, [storage])).toEqual(new Map([['sampling', ['CreateSamples1764000000000']]]));
    await dataSource.initialize();
    expect(await ids(dataSource)).toEqual([]);
  });
});

describe('native partitions', () => {
  let drop: () => Promise<void>;
  let replica: DataSource;
  let other: DataSource;

  beforeEach(async () => {
    const database = await createTestDatabase();
    await migrate(database.url, [storage]);
    replica = createDataSource({ url: database.url, name: 'one', storage });
    other = createDataSource({ url: database.url, name: 'two', storage });
    await Promise.all([replica.initialize(), other.initialize()]);
    drop = async () => {
      await Promise.all([replica.destroy(), other.destroy()]);
      await database.drop();
    };
  });

  afterEach(() => drop());

  it('are there ahead of the first row, and further ahead after the upkeep', async () => {
    const { added } = await upkeep(replica, null);
    expect(added).toHaveLength(1);
    await insert(replica, 1, daysFromNow(3));
    expect(await ids(replica, 'sampling.samples_default')).toEqual([]);
  });

  it('take over the rows that waited for them', async () => {
    await insert(replica, 1, daysFromNow(-30));
    await insert(replica, 2, daysFromNow(30));
    expect(await ids(replica, 'sampling.samples_default')).toEqual([1, 2]);
    await upkeep(replica, null);
    expect(await ids(replica, 'sampling.samples_default')).toEqual([]);
    expect(await ids(replica)).toEqual([1, 2]);
  });

  it('are made and dropped by replicas at once while rows come in, and no row fails or is lost', async () => {
    const kept: number[] = [];
    const enough = new AbortController();
    let next = 0;
    const write = async (dataSource: DataSource): Promise<void> => {
      while (!enough.signal.aborted) {
        const id = next++;
        const days = (id % 40) - 20;
        await insert(dataSource, id, daysFromNow(days));
        if (days > -9) kept.push(id);
      }
    };
    const writers = [replica, other].map(write);
    for (let round = 0; round < 5; round++) await Promise.all([upkeep(replica, 10), upkeep(other, 10)]);
    enough.abort();
    await Promise.all(writers);
    await upkeep(other, 10);
    expect(kept.length).toBeGreaterThan(40);
    const left = new Set(await ids(replica));
    expect(kept.filter((id) => !left.has(id))).toEqual([]);
    expect(await ids(replica, 'sampling.samples_default')).toEqual([]);
  });

  it('wait for a reader a bounded time only, and let the rows go on', async () => {
    await insert(replica, 1, daysFromNow(-30));
    const reader = other.createQueryRunner();
    await reader.startTransaction();
    await reader.query(`SELECT * FROM ${TABLE}`);
    await expect(upkeep(replica, null)).rejects.toThrow(/lock timeout/);
    await insert(replica, 2, NOW);
    await reader.rollbackTransaction();
    await reader.release();
    await upkeep(replica, null);
    expect(await ids(replica)).toEqual([1, 2]);
  });
});
