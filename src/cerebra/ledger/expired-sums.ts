import type { DataSource } from 'typeorm';
import type { Instant } from '../../platform/time.js';
import { MONTH_FROM_DAYS, rollups } from './rollups.js';

/**
 * Forgets the sums of hours and days that began before, and with them those of their months. The month in which they
 * end is summed anew from the days that are left of it, so that a month is always the sum of its days.
 */
export async function dropSumsBefore(dataSource: DataSource, before: Instant): Promise<void> {
  const time = new Date(before);
  const month = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth()));
  const expired = await dataSource.query<unknown[]>(`SELECT 1 FROM ${rollups.day} WHERE start < $1 LIMIT 1`, [time]);
  if (expired.length === 0) return;
  await dataSource.transaction(async (manager) => {
    // The ledger's writer waits: what it adds to a day meanwhile would be missing in the month.
    await manager.query(`LOCK TABLE ${rollups.month} IN SHARE ROW EXCLUSIVE MODE`);
    for (const table of [rollups.hour, rollups.day])
      await manager.query(`DELETE FROM ${table} WHERE start < $1`, [time]);
    await manager.query(`DELETE FROM ${rollups.month} WHERE start <= $1`, [month]);
    await manager.query(MONTH_FROM_DAYS, [month]);
  });
}
