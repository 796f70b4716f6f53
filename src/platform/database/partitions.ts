import type { DataSource, QueryRunner } from 'typeorm';
import { instant, toIso, type Instant } from '../time.js';
import {
  addPartition,
  addPartitions,
  addPartitionsAt,
  createNative,
  dropExpired,
} from './partitions/native-partitions.js';
import { periodsAhead, periodStart, type PartitionInterval } from './partitions/periods.pure.js';
import { parseTableName, type QualifiedName } from './partitions/table-name.js';
import { hasTimescale, type SqlRunner } from './timescale.js';

export type { PartitionInterval } from './partitions/periods.pure.js';

/** Partitions made with the table, so that the first day's rows need no move. */
const AHEAD_AT_FIRST = 2;

export interface TimePartitionedTable {
  readonly table: QualifiedName;
  /** A `timestamptz NOT NULL` among the columns. */
  readonly column: string;
  readonly interval: PartitionInterval;
  /**
   * As within `CREATE TABLE (…)`. Primary key and unique constraints must hold the time column; no column may be
   * generated or an identity, because rows move between partitions as they are.
   */
  readonly columns: string;
}

/**
 * Creates a table whose rows are kept apart by time: a hypertable where TimescaleDB is on, native partitions otherwise.
 * For migrations: the same text runs on both, and what follows (indexes, views) does too.
 */
export async function createTimePartitioned(
  runner: QueryRunner,
  { table, column, interval, columns }: TimePartitionedTable,
): Promise<void> {
  parseTableName(table);
  const sql = runner.manager;
  if (await hasTimescale(sql)) {
    await sql.query(`CREATE TABLE ${table} (${columns})`);
    await sql.query(
      `SELECT create_hypertable($1::regclass, by_range($2, $3::interval), create_default_indexes => false)`,
      [table, column, `1 ${interval}`],
    );
    return;
  }
  const native = { name: table, column, interval };
  await createNative(sql, native, columns);
  for (const start of periodsAhead(instant(Date.now()), interval, AHEAD_AT_FIRST)) {
    await addPartition(sql, native, start);
  }
}

export interface PartitionUpkeep {
  readonly table: QualifiedName;
  readonly interval: PartitionInterval;
  /** How many periods after the current one have their partition already. */
  readonly ahead: number;
  /** Null keeps everything. A partition goes when its last moment is older than this. */
  readonly retentionDays: number | null;
  readonly now: Instant;
}

export interface UpkeepResult {
  readonly added: readonly string[];
  readonly dropped: readonly string[];
}

/**
 * Makes partitions ahead and drops what is past its retention. For a schedule; safe on several replicas at once.
 * Hypertables make their chunks themselves, so there only the second half has work.
 */
export async function maintainPartitions(dataSource: DataSource, upkeep: PartitionUpkeep): Promise<UpkeepResult> {
  const { table, interval, ahead, retentionDays, now } = upkeep;
  const cutoff = retentionDays === null ? null : instant(now - retentionDays * 86_400_000);
  const column = await partitionColumn(dataSource.manager, table);
  if (column === null) {
    return { added: [], dropped: cutoff === null ? [] : await dropChunks(dataSource.manager, table, cutoff) };
  }
  const native = { name: table, column, interval };
  // Drop first: rows in the default that are past their time need no partition any more.
  const dropped = cutoff === null ? [] : await dropExpired(dataSource, native, cutoff);
  return { added: await addPartitions(dataSource, native, now, ahead), dropped };
}

/**
 * Makes the partitions of the periods that hold these times, before rows of them come: those that come first have to
 * be moved. Hypertables make their chunks themselves.
 * @throws where the table is busy for seconds; rows go to the default partition then, until the upkeep moves them
 */
export async function preparePartitions(
  dataSource: DataSource,
  { table, interval }: Pick<PartitionUpkeep, 'table' | 'interval'>,
  times: readonly Instant[],
): Promise<string[]> {
  const column = await partitionColumn(dataSource.manager, table);
  if (column === null) return [];
  const starts = times.map((time) => periodStart(time, interval));
  return addPartitionsAt(dataSource, { name: table, column, interval }, starts);
}

/** The table itself says how it was made: TimescaleDB may have come later. @returns null for a hypertable */
async function partitionColumn(sql: SqlRunner, table: QualifiedName): Promise<string | null> {
  const rows = await sql.query<{ attname: string }[]>(
    `SELECT attname FROM pg_partitioned_table
     JOIN pg_attribute ON attrelid = partrelid AND attnum = partattrs[0] WHERE partrelid = $1::regclass`,
    [table],
  );
  return rows[0]?.attname ?? null;
}

async function dropChunks(sql: SqlRunner, table: QualifiedName, cutoff: Instant): Promise<string[]> {
  const rows = await sql.query<{ chunk: string }[]>(
    `SELECT drop_chunks($1::regclass, older_than => $2::timestamptz) AS chunk`,
    [table, toIso(cutoff)],
  );
  return rows.map((row) => row.chunk);
}
