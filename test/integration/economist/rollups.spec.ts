import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EconomistFixture } from './economist-fixture.js';

describe('the daily sums', () => {
  let economist: EconomistFixture;
  beforeAll(async () => (economist = await EconomistFixture.start()));
  afterAll(() => economist.stop());

  it('are exact, by day, group and tags', async () => {
    const start = { ChargePeriodStart: '2026-03-02T23:00:00Z', ServiceName: 'S3', ResourceId: 'bucket' };
    await economist.charge([
      { ...start, BilledCost: '123456789012345.67', Tags: { team: 'a' } },
      { ...start, BilledCost: '0.000000000000012345', Tags: { team: 'b' } },
      { ...start, BilledCost: '1', ChargePeriodStart: '2026-03-03T00:00:00Z' },
    ]);
    const days: unknown = await economist.dataSource.query(
      `SELECT to_char(day, 'YYYY-MM-DD') AS day, service_name, billed, charges::int
       FROM economist.daily_costs JOIN economist.cost_groups AS g ON g.id = group_id ORDER BY day`,
    );
    expect(days).toEqual([
      { day: '2026-03-02', service_name: 'S3', billed: '123456789012345.670000000000012345', charges: 2 },
      { day: '2026-03-03', service_name: 'S3', billed: '1', charges: 1 },
    ]);
    const tags: unknown = await economist.dataSource.query(
      `SELECT tags, billed FROM economist.daily_tag_costs JOIN economist.tag_sets AS t ON t.id = tag_set_id
       WHERE day = '2026-03-02' ORDER BY billed`,
    );
    expect(tags).toEqual([
      { tags: { team: 'b' }, billed: '0.000000000000012345' },
      { tags: { team: 'a' }, billed: '123456789012345.67' },
    ]);
  });
});
