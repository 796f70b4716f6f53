import { Client } from 'pg';
import type { EntityManager } from 'typeorm';

/** Runs SQL: a DataSource, an EntityManager or a QueryRunner. */
export type SqlRunner = Pick<EntityManager, 'query'>;

/**
 * Creates the extension where the server has it and lets us. Where not, tables are partitioned natively, so a refusal is
 * no failure. A connection of its own, because a server that has not preloaded the library ends it.
 */
export async function ensureTimescale(url: string, log: (line: string) => void): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rowCount } = await client.query(
      `SELECT 1 FROM pg_available_extensions WHERE name = 'timescaledb' AND installed_version IS NULL`,
    );
    if (rowCount === 0) return;
    await client.query('CREATE EXTENSION IF NOT EXISTS timescaledb');
    log('TimescaleDB is on: new time-partitioned tables are hypertables');
  } catch (error) {
    log(`TimescaleDB is here but was not created, so tables are partitioned natively: ${String(error)}`);
  } finally {
    await client.end();
  }
}

export async function hasTimescale(sql: SqlRunner): Promise<boolean> {
  const rows = await sql.query<unknown[]>(`SELECT 1 FROM pg_extension WHERE extname = 'timescaledb'`);
  return rows.length > 0;
}
