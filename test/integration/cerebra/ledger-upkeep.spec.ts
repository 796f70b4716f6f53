import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SchedulerRegistry } from '@nestjs/schedule';
import type { DataSource } from 'typeorm';
import { cerebraMigrations } from '../../../migrations/cerebra/index.js';
import { cerebraConfig } from '../../../src/cerebra/cerebra.config.js';
import { LedgerUpkeep } from '../../../src/cerebra/ledger/ledger.upkeep.js';
import { createDataSource } from '../../../src/platform/database/data-source.js';
import { Schedules } from '../../../src/platform/jobs/schedules.js';
import { systemClock } from '../../../src/platform/time.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { callId, fillLedger, makeCall, migrateCerebra, query, silent } from './ledger-fixture.js';

const DAY_MS = 86_400_000;

let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrateCerebra(database.url);
  const storage = { schema: 'cerebra', entities: [], migrations: cerebraMigrations };
  dataSource = await createDataSource({ url: database.url, name: 'cerebra', storage }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

it('the upkeep of the ledger makes room for days to come and drops days past their retention, and their sums', async () => {
  const schedules = new Schedules({
    slots: { claim: () => Promise.resolve(true) },
    triggers: new SchedulerRegistry(),
    clock: systemClock,
    log: silent,
  });
  const config = cerebraConfig.parse({ CEREBRA_RETENTION_DAYS: '30' });
  const upkeep = new LedgerUpkeep(dataSource, schedules, config, systemClock, silent);
  // Refuses a schedule that it cannot read.
  upkeep.onModuleInit();
  const now = systemClock.now();
  await fillLedger(database.url, [
    makeCall(1, undefined, now - 32 * DAY_MS),
    makeCall(2, undefined, now - 28 * DAY_MS),
    makeCall(3, undefined, now + 3 * DAY_MS),
  ]);
  await upkeep.run();
  const rows = await query<{ id: string; partition: string }>(
    database.url,
    'SELECT id, tableoid::regclass::text AS partition FROM cerebra.requests ORDER BY id',
  );
  const partitionOf = (time: number): string =>
    `cerebra.requests_p${new Date(time).toISOString().slice(0, 10).replaceAll('-', '')}`;
  expect(rows).toEqual([
    { id: callId(2), partition: partitionOf(now - 28 * DAY_MS) },
    { id: callId(3), partition: partitionOf(now + 3 * DAY_MS) },
  ]);
  for (const table of ['requests_by_hour', 'requests_by_day']) {
    expect(await query(database.url, `SELECT 1 FROM cerebra.${table}`)).toHaveLength(2);
  }
});
