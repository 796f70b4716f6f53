import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migrate, MIGRATION_LOCK, revert, status, type NamedStorage } from '../../../src/platform/database/migrator.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';

class CreateShelves1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Slow enough for a second migrator to arrive in the middle.
    await runner.query('CREATE TABLE library.shelves AS SELECT 1 AS id, pg_sleep(0.3)::text AS label');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE library.shelves');
  }
}

class CreateBooks1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE library.books (id bigint PRIMARY KEY)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE library.books');
  }
}

class BreakHalfWay1764000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE library.half (id bigint)');
    await runner.query('SELECT 1 / 0');
  }

  async down(): Promise<void> {}
}

const storage = (migrations: NamedStorage['migrations'], schema = 'library'): NamedStorage => ({
  name: schema,
  schema,
  entities: [],
  migrations,
});
const library = storage([CreateShelves1764000000001, CreateBooks1764000000002]);

describe('migrations', () => {
  let database: TestDatabase;
  let client: Client;

  beforeEach(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });

  afterEach(async () => {
    await client.end();
    await database.drop();
  });

  const tables = async (): Promise<string[]> => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
       WHERE table_schema IN ('library', 'archive') ORDER BY name`,
    );
    return rows.map((row) => row.name);
  };

  it('make each context a schema of its own with a table of what was applied', async () => {
    await migrate(database.url, [library, storage([], 'archive')]);
    expect(await tables()).toEqual(['archive.migrations', 'library.books', 'library.migrations', 'library.shelves']);
  });

  it('run once, in order, and only what is new the next time', async () => {
    const first = storage([CreateShelves1764000000001]);
    expect(await migrate(database.url, [first])).toEqual(new Map([['library', ['CreateShelves1764000000001']]]));
    expect(await migrate(database.url, [library])).toEqual(new Map([['library', ['CreateBooks1764000000002']]]));
    expect(await migrate(database.url, [library])).toEqual(new Map([['library', []]]));
  });

  it('run once when three processes start at the same moment', async () => {
    const results = await Promise.all([1, 2, 3].map(() => migrate(database.url, [library])));
    const applied = results.flatMap((result) => result.get('library') ?? []);
    expect(applied).toEqual(['CreateShelves1764000000001', 'CreateBooks1764000000002']);
    const { rows } = await client.query('SELECT name FROM library.migrations ORDER BY id');
    expect(rows).toEqual([{ name: 'CreateShelves1764000000001' }, { name: 'CreateBooks1764000000002' }]);
  });

  it('leave nothing of one that fails, keep those before it, and can be tried again', async () => {
    const broken = storage([CreateBooks1764000000002, BreakHalfWay1764000000003]);
    await expect(migrate(database.url, [broken])).rejects.toThrow('division by zero');
    expect(await tables()).toEqual(['library.books', 'library.migrations']);
    expect(await migrate(database.url, [library])).toEqual(new Map([['library', ['CreateShelves1764000000001']]]));
  });

  it('are taken back one at a time', async () => {
    await migrate(database.url, [library]);
    expect(await revert(database.url, library)).toBe('CreateBooks1764000000002');
    expect(await tables()).toEqual(['library.migrations', 'library.shelves']);
    expect(await revert(database.url, library)).toBe('CreateShelves1764000000001');
    expect(await revert(database.url, library)).toBeNull();
  });

  it('tell what is applied and what is not, and change nothing by it', async () => {
    expect(await status(database.url, [library])).toEqual([
      { context: 'library', applied: [], pending: ['CreateShelves1764000000001', 'CreateBooks1764000000002'] },
    ]);
    expect(await tables()).toEqual([]);
    await migrate(database.url, [storage([CreateShelves1764000000001])]);
    expect(await status(database.url, [library])).toEqual([
      { context: 'library', applied: ['CreateShelves1764000000001'], pending: ['CreateBooks1764000000002'] },
    ]);
  });

  it('work for a role that may not create schemas, in one made for it', async () => {
    const role = `limited_${database.url.slice(-12)}`;
    await client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'limited'`);
    await client.query(`CREATE SCHEMA library AUTHORIZATION ${role}`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'limited';
    try {
      await expect(migrate(url.href, [storage([], 'archive')])).rejects.toThrow('permission denied');
      expect((await migrate(url.href, [library])).get('library')).toHaveLength(2);
    } finally {
      await client.query(`DROP OWNED BY ${role}`);
      await client.query(`DROP ROLE ${role}`);
    }
  });

  it('make a migrator wait while another holds the lock', async () => {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    let finished = false;
    const waiting = migrate(database.url, [library]).then(() => (finished = true));
    await untilSomebodyAsksForTheLock(client);
    expect(finished).toBe(false);
    expect(await tables()).toEqual([]);
    await client.query('SELECT pg_advisory_unlock_all()');
    await waiting;
    expect(await tables()).toContain('library.books');
  });
});

async function untilSomebodyAsksForTheLock(client: Client): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const { rowCount } = await client.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_try_advisory_lock%' AND pid <> pg_backend_pid()`,
    );
    if (rowCount !== 0) return;
  }
  throw new Error('No migrator came.');
}
