import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { preparePartitions } from '../../../platform/database/partitions.js';
import { instant, type Instant } from '../../../platform/time.js';
import { chargesTable } from '../../charges/charges-table.js';

/** Charges of more months than that in one delivery are few each, and may share the default partition. */
const MOST_MONTHS = 64;

/** Makes room for staged charges: the partitions of their months, apart from the swap, for that locks the table. */
export async function prepareMonths(dataSource: DataSource, tables: readonly string[], log: Logger): Promise<void> {
  const months = new Set<Instant>();
  for (const table of tables) for (const month of await monthsIn(dataSource, table)) months.add(month);
  try {
    const times = [...months].slice(0, MOST_MONTHS);
    await preparePartitions(dataSource, chargesTable, times);
  } catch (error) {
    // A longer transaction holds the table. Nothing is lost: the rows wait in the default partition.
    log.info({ err: error }, 'Months of charges could not be given their partitions now; the upkeep will.');
  }
}

async function monthsIn(dataSource: DataSource, table: string): Promise<Instant[]> {
  const rows = await dataSource.query<{ start: number }[]>(
    `SELECT (extract(epoch FROM date_trunc('month', charge_period_start, 'UTC')) * 1000)::float8 AS start
     FROM ${table} GROUP BY 1 ORDER BY count(*) DESC LIMIT ${MOST_MONTHS}`,
  );
  return rows.map(({ start }) => instant(start));
}
