import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { addToRollup } from './rollups.js';
import { rowColumns } from './row.pure.js';

const COLUMNS = rowColumns.join(', ');

// COPY knows no "on conflict", so rows pass through a table of this connection's own.
export const STAGING = `CREATE TEMPORARY TABLE IF NOT EXISTS ledger_staging ON COMMIT DELETE ROWS
  AS SELECT ${COLUMNS} FROM cerebra.requests WITH NO DATA`;
const COPY = `COPY ledger_staging (${COLUMNS}) FROM STDIN`;
// One statement, so that no row can be in the ledger and not in its sums: only what was not there yet is summed. In
// order, as are the sums: replicas that bring the same rows then wait for each other and never both.
export const INSERT_STAGED = `
  WITH fresh AS (
    INSERT INTO cerebra.requests (${COLUMNS})
    SELECT ${COLUMNS} FROM ledger_staging ORDER BY time, id ON CONFLICT DO NOTHING RETURNING *
  ), by_hour AS (
    ${addToRollup('hour', 'fresh')}
  ), by_day AS (
    ${addToRollup('day', 'fresh')}
  )
  ${addToRollup('month', 'fresh')}`;

const CONNECT_MS = 5_000;
const STATEMENT_MS = 30_000;

/** Puts rows into `cerebra.requests` on a connection of its own, so that no query of an API can hold them up. */
export class RequestsStore {
  #client: Client | null = null;

  constructor(private readonly databaseUrl: string) {}

  /** All or none; a row that is there already stays as it is. After a failure the next call connects anew. */
  async insert(rows: readonly Buffer[]): Promise<void> {
    const client = (this.#client ??= await this.#connect());
    try {
      await client.query('BEGIN');
      await client.query(STAGING);
      await pipeline(Readable.from([Buffer.concat(rows)]), client.query(copyFrom(COPY)));
      await client.query(INSERT_STAGED);
      await client.query('COMMIT');
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.databaseUrl,
      application_name: 'cerebra ledger',
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: STATEMENT_MS,
      keepAlive: true,
    });
    // A connection that breaks while idle shows at the next insert.
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    return client;
  }
}

/** A row that PostgreSQL will never take (SQLSTATE class 22, data exception), as opposed to one that must wait. */
export const refusesData = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('22');
