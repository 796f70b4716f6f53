import type { DataSource } from 'typeorm';
import { instant, toIso, type Instant } from '../../time.js';
import type { SqlRunner } from '../timescale.js';
import {
  partitionName,
  partitionStart,
  periodEnd,
  periodsAhead,
  periodStart,
  type PartitionInterval,
} from './periods.pure.js';
import { parseTableName, type QualifiedName, type TableName } from './table-name.js';

/**
 * Rows that fit no partition wait here, so that an insert never fails: a late upkeep costs a move, not a row.
 */
const defaultOf = ({ schema, table }: TableName): string => `${schema}.${table}_default`;

/** A garbage import with times all over must not make thousands of partitions in one run. */
const PERIODS_MOVED_AT_ONCE = 64;

export interface NativeTable {
  readonly name: QualifiedName;
  readonly column: string;
  readonly interval: PartitionInterval;
}

/** @param definition columns and constraints, as within `CREATE TABLE (…)` */
export async function createNative(sql: SqlRunner, table: NativeTable, definition: string): Promise<void> {
  const name = parseTableName(table.name);
  await sql.query(`CREATE TABLE ${table.name} (${definition}) PARTITION BY RANGE (${table.column})`);
  await sql.query(`CREATE TABLE ${defaultOf(name)} PARTITION OF ${table.name} DEFAULT`);
}

/** Makes the partitions of the current period and those ahead, and of rows that wait. @returns those made now */
export async function addPartitions(
  dataSource: DataSource,
  table: NativeTable,
  now: Instant,
  ahead: number,
): Promise<string[]> {
  const waiting = await periodsWaiting(dataSource.manager, table);
  return addPartitionsAt(dataSource, table, [...periodsAhead(now, table.interval, ahead), ...waiting]);
}

/** Makes the partitions that begin then. @returns those made now */
export async function addPartitionsAt(
  dataSource: DataSource,
  table: NativeTable,
  starts: readonly Instant[],
): Promise<string[]> {
  const added: string[] = [];
  for (const start of [...new Set(starts)].sort((a, b) => a - b)) {
    // A transaction for each, so that inserts wait for one short move at most.
    const name = await dataSource.transaction(async (sql) => {
      await serialise(sql, table);
      return addPartition(sql, table, start);
    });
    if (name !== null) added.push(name);
  }
  return added;
}

/** @returns null where it is there already */
export async function addPartition(sql: SqlRunner, table: NativeTable, start: Instant): Promise<string | null> {
  const name = parseTableName(table.name);
  const partition = `${name.schema}.${partitionName(name.table, start)}`;
  const [found] = await sql.query<{ known: boolean }[]>('SELECT to_regclass($1) IS NOT NULL AS known', [partition]);
  if (found?.known === true) return null;

  const from = `'${toIso(start)}'`;
  const to = `'${toIso(periodEnd(start, table.interval))}'`;
  // Inserts wait here, before they choose a partition: one that had chosen the default already would fail once the
  // period has a partition of its own. Reads go on.
  await sql.query(`LOCK TABLE ONLY ${table.name} IN SHARE ROW EXCLUSIVE MODE`);
  // Made apart and attached: `PARTITION OF` would lock readers out too.
  await sql.query(`CREATE TABLE ${partition} (LIKE ${table.name} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
  await sql.query(
    `WITH moved AS (
       DELETE FROM ${defaultOf(name)} WHERE ${table.column} >= ${from} AND ${table.column} < ${to} RETURNING *
     ) INSERT INTO ${partition} SELECT * FROM moved`,
  );
  await sql.query(`ALTER TABLE ${table.name} ATTACH PARTITION ${partition} FOR VALUES FROM (${from}) TO (${to})`);
  return partition;
}

/** Drops the partitions that lie before the cutoff as a whole. @returns those dropped now */
export async function dropExpired(dataSource: DataSource, table: NativeTable, cutoff: Instant): Promise<string[]> {
  const name = parseTableName(table.name);
  return dataSource.transaction(async (sql) => {
    await serialise(sql, table);
    const oldest = toIso(periodStart(cutoff, table.interval));
    await sql.query(`DELETE FROM ${defaultOf(name)} WHERE ${table.column} < $1`, [oldest]);
    const expired = (await partitionsOf(sql, table.name)).filter((partition) => {
      const start = partitionStart(name.table, partition);
      return start !== null && periodEnd(start, table.interval) <= cutoff;
    });
    for (const partition of expired) await sql.query(`DROP TABLE ${name.schema}.${partition}`);
    return expired.map((partition) => `${name.schema}.${partition}`);
  });
}

/** One replica at a time; and rather fail, to be tried again at the next slot, than queue up every reader behind us. */
async function serialise(sql: SqlRunner, table: NativeTable): Promise<void> {
  await sql.query(`SET LOCAL lock_timeout = '2s'`);
  await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`partitions of ${table.name}`]);
}

async function periodsWaiting(sql: SqlRunner, table: NativeTable): Promise<Instant[]> {
  const rows = await sql.query<{ start: number }[]>(
    `SELECT DISTINCT (extract(epoch FROM date_trunc($1, ${table.column}, 'UTC')) * 1000)::float8 AS start
     FROM ${defaultOf(parseTableName(table.name))} ORDER BY start LIMIT ${PERIODS_MOVED_AT_ONCE}`,
    [table.interval],
  );
  return rows.map((row) => instant(row.start));
}

async function partitionsOf(sql: SqlRunner, table: string): Promise<string[]> {
  const rows = await sql.query<{ relname: string }[]>(
    `SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = $1::regclass`,
    [table],
  );
  return rows.map((row) => row.relname);
}
