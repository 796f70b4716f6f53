import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { LoadingFixture, localFile, type Loaded } from './loading-fixture.js';

describe('a Parquet file', () => {
  let loading: LoadingFixture;
  beforeAll(async () => (loading = await LoadingFixture.start()));
  afterAll(() => loading.stop());

  /** Writes what a query gives as a file, and loads that. */
  async function load(select: string): Promise<Loaded> {
    const path = join(loading.folder, `it's ${Math.random()}.parquet`);
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`COPY (${select}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    return loading.load(localFile(path, 'parquet'));
  }

  const charge = `'USD' AS BillingCurrency, TIMESTAMP '2026-03-02 10:00:00' AS ChargePeriodStart`;

  it('with doubles has the amounts that were printed, not those that a float can hold', async () => {
    const doubles = [0.1, 0.2, 1.1e-7, 1_234_567.89, -0.6, 5, 123_456_789_012];
    const loaded = await load(
      `SELECT ${charge}, unnest([${doubles.map((amount) => `${amount}::DOUBLE`).join()}]) AS BilledCost`,
    );
    expect(await loading.values(loaded, 'billed_cost')).toEqual([
      '-0.6',
      '0.00000011',
      '0.1',
      '0.2',
      '5',
      '1234567.89',
      '123456789012',
    ]);
  });

  it('with decimals keeps their 38 digits', async () => {
    const loaded = await load(
      `SELECT ${charge}, 12345678901234567890.123456789012345678::DECIMAL(38, 18) AS BilledCost`,
    );
    expect(await loading.value(loaded, 'billed_cost')).toBe('12345678901234567890.123456789012345678');
  });

  it('with accounts as numbers loses none of their digits, and refuses those that are lost', async () => {
    const loaded = await load(
      `SELECT ${charge}, 1 AS BilledCost, unnest([111122223333, 1e17]::DOUBLE[]) AS BillingAccountId`,
    );
    expect(loaded.slices.map(({ billingAccount }) => billingAccount)).toEqual(['111122223333']);
    expect(loaded.rejections).toEqual([{ line: 2, column: 'BillingAccountId', code: 'lost_precision' }]);
  });

  it('has times in UTC, with and without a zone', async () => {
    const loaded = await load(
      `SELECT 'USD' AS BillingCurrency, 1 AS BilledCost, TIMESTAMPTZ '2026-03-02 01:00:00+02' AS ChargePeriodStart,
         TIMESTAMP '2026-03-02 02:00:00.123456' AS ChargePeriodEnd, DATE '2026-03-01' AS BillingPeriodStart`,
    );
    expect(loaded.repairs).toEqual([]);
    expect(await loading.value(loaded, `charge_period_start AT TIME ZONE 'UTC'`)).toBe('2026-03-01 23:00:00');
    expect(await loading.value(loaded, `charge_period_end AT TIME ZONE 'UTC'`)).toBe('2026-03-02 02:00:00.123456');
    expect(await loading.value(loaded, 'billing_month')).toBe('2026-03-01');
  });

  it.each([
    ['a map', `MAP {'team': 'a', 'user:x': 'b"c'}`, { team: 'a', 'user:x': 'b"c' }],
    ['a record', `{'team': 'a', 'tier': 1}`, { team: 'a', tier: 1 }],
    ['JSON text', `'{"team": "a"}'`, { team: 'a' }],
    ['a list of keys and values', `[{'key': 'team', 'value': 'a'}]`, { team: 'a' }],
    ['null', 'NULL::VARCHAR', {}],
  ])('has tags as %s', async (_, tags, expected) => {
    const loaded = await load(`SELECT ${charge}, 1 AS BilledCost, ${tags} AS Tags`);
    expect(loaded.repairs).toEqual([]);
    expect(JSON.parse((await loading.value(loaded, 'tags')) ?? '')).toEqual(expected);
  });

  it('of many rows is read piece by piece, and its rows are numbered from 1', async () => {
    const loaded = await load(
      `SELECT ${charge}, CASE WHEN i = 49_999 THEN NULL ELSE i END AS BilledCost, 'ü' || i AS ServiceName, i AS x_i
       FROM range(50_000) AS r (i)`,
    );
    expect(loaded).toMatchObject({ accepted: 49_999, rejected: 1 });
    expect(loaded.rejections).toEqual([{ line: 50_000, column: 'BilledCost', code: 'missing_required' }]);
    expect(await loading.value(loaded, 'sum(billed_cost)')).toBe(String((49_998 * 49_999) / 2));
  });

  it('is given up when the run is cancelled', async () => {
    const abort = new AbortController();
    const path = join(loading.folder, 'large.parquet');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT ${charge}, 0.5 AS BilledCost FROM range(400_000)) TO '${path}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    const load = loading.load(localFile(path, 'parquet'), {
      signal: abort.signal,
      onProgress: () => abort.abort(new Error('cancelled')),
    });
    await expect(load).rejects.toThrow('cancelled');
    expect(await loading.load(localFile(path, 'parquet'))).toMatchObject({ accepted: 400_000 });
  });
});
