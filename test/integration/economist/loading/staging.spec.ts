import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { dropLeftoverStaging, dropStaging } from '../../../../src/economist/ingestion/loading/staging.js';
import { LoadingFixture } from './loading-fixture.js';

const CSV = 'BillingCurrency,BilledCost,ChargePeriodStart\nUSD,1,2026-03-02\n';

describe('what was staged', () => {
  let loading: LoadingFixture;
  let dataSource: DataSource;
  beforeAll(async () => {
    loading = await LoadingFixture.start();
    dataSource = await loading.dataSource();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await loading.stop();
  });

  it('goes with its run, and with no other', async () => {
    await loading.loadCsv(CSV, { runId: 'one', key: 'a' });
    await loading.loadCsv(CSV, { runId: 'one', key: 'b' });
    const { table } = await loading.loadCsv(CSV, { runId: 'other', key: 'a' });
    await dropStaging(dataSource.manager, 'one');
    expect(await loading.stagedTables()).toBe(1);
    expect(await loading.query(`SELECT billed_cost FROM ${table}`)).toEqual([{ billed_cost: '1' }]);
    await dropStaging(dataSource.manager, 'other');
    expect(await loading.stagedTables()).toBe(0);
  });

  it('by a run that is over is found and dropped; that of one at work is not', async () => {
    await loading.loadCsv(CSV, { runId: 'at-work', key: 'a' });
    await loading.loadCsv(CSV, { runId: 'over', key: 'a' });
    await loading.query(`UPDATE economist.runs SET status = 'failed' WHERE id = 'over'`);
    expect(await dropLeftoverStaging(dataSource.manager)).toBe(1);
    expect(await loading.stagedTables()).toBe(1);
    expect(await dropLeftoverStaging(dataSource.manager)).toBe(0);
  });
});
