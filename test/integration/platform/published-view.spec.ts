import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import { createDataSource } from '../../../src/platform/database/data-source.js';
import { migrate, revert, type NamedStorage } from '../../../src/platform/database/migrator.js';
import {
  contractBreaches,
  definePublishedView,
  publishView,
  readPublishedView,
} from '../../../src/platform/database/published-view.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';

const dailyTides = definePublishedView({
  name: 'harbour.published_daily_tides_v1',
  description: "The harbour's highest water of each day.",
  columns: {
    day: { type: 'date', description: 'UTC' },
    height_m: { type: 'numeric', description: 'Metres above chart datum' },
  },
});

class PublishTides1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE harbour.tides (at timestamptz NOT NULL, height_m numeric NOT NULL)');
    await runner.query(`INSERT INTO harbour.tides VALUES ('2025-11-24 04:00Z', 3.2), ('2025-11-25 05:00Z', 3.4)`);
    await publishView(
      runner,
      dailyTides,
      `SELECT (at AT TIME ZONE 'UTC')::date, max(height_m) FROM harbour.tides GROUP BY 1`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP VIEW ${dailyTides.name}`);
    await runner.query('DROP TABLE harbour.tides');
  }
}

const harbour: NamedStorage = {
  name: 'harbour',
  schema: 'harbour',
  entities: [],
  migrations: [PublishTides1764000000001],
};

describe('a published view', () => {
  let database: TestDatabase;
  let reader: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    const storage = { schema: 'economy', entities: [], migrations: [] };
    reader = createDataSource({ url: database.url, name: 'reader', storage });
    await reader.initialize();
  });

  afterAll(async () => {
    await reader.destroy();
    await database.drop();
  });

  const query = {
    name: dailyTides.name,
    row: z.object({ height_m: z.string() }),
    rest: 'WHERE day >= $1',
    parameters: ['2025-11-25'],
  };

  it('is absent where its context is not deployed, read where it is, absent again when the context goes', async () => {
    expect(await readPublishedView(reader, query)).toBeNull();
    expect(await contractBreaches(reader.manager, dailyTides)).toEqual([`${dailyTides.name} does not exist`]);
    await migrate(database.url, [harbour]);
    expect(await readPublishedView(reader, query)).toEqual([{ height_m: '3.4' }]);
    await revert(database.url, harbour);
    expect(await readPublishedView(reader, query)).toBeNull();
    await migrate(database.url, [harbour]);
  });

  it('keeps its contract, and a breach is told column by column', async () => {
    expect(await contractBreaches(reader.manager, dailyTides)).toEqual([]);
    const other = {
      ...dailyTides,
      columns: { day: { type: 'timestamp with time zone', description: '' }, place: { type: 'text', description: '' } },
    };
    expect(await contractBreaches(reader.manager, other)).toEqual([
      `${dailyTides.name}.day: promised timestamp with time zone, is date`,
      `${dailyTides.name}.place: promised text, is missing`,
      `${dailyTides.name}.height_m: not in the contract`,
    ]);
  });

  it('carries its documentation in the database', async () => {
    const rows: unknown = await reader.query(
      `SELECT obj_description('harbour.published_daily_tides_v1'::regclass) AS view,
              col_description('harbour.published_daily_tides_v1'::regclass, 2) AS height`,
    );
    expect(rows).toEqual([{ view: "The harbour's highest water of each day.", height: 'Metres above chart datum' }]);
  });

  it('tells a reader whose expectation differs, instead of handing on wrong rows', async () => {
    const wrong = { ...query, row: z.object({ height_m: z.number() }) };
    await expect(readPublishedView(reader, wrong)).rejects.toThrow(/expected number/);
  });

  it('must carry its version in its name', () => {
    expect(() => definePublishedView({ ...dailyTides, name: 'harbour.daily_tides' })).toThrow(/published_thing_v1/);
  });
});
