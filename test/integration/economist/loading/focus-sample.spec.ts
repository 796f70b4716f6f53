import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { LoadingFixture, localFile, type Loaded } from './loading-fixture.js';

const SAMPLE = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'focus', 'focus_1.0_sample_1000.csv');
const BASES = ['BilledCost', 'EffectiveCost', 'ListCost', 'ContractedCost'] as const;

/** Rows of text, computed from the file itself with 38 exact digits. */
async function byDuckDb(group: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const sums = BASES.map((name) => `sum(CAST(nullif("${name}", 'NULL') AS DECIMAL(38, 18)))`);
  const reader = await connection.runAndReadAll(
    `SELECT ${group} AS grouped, count(*)::VARCHAR, ${sums.join(', ')}
     FROM read_csv('${SAMPLE}', all_varchar = true, header = true) GROUP BY 1 ORDER BY 1 NULLS FIRST`,
  );
  const rows = reader.getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

describe('the FOCUS sample of real bills', () => {
  let loading: LoadingFixture;
  let loaded: Loaded;

  beforeAll(async () => {
    loading = await LoadingFixture.start();
    loaded = await loading.load(localFile(SAMPLE, 'csv'));
  });
  afterAll(() => loading.stop());

  it('becomes charges to the last row, and says what was assumed', () => {
    expect(loaded).toMatchObject({ accepted: 1_000, rejected: 0, rejections: [] });
    expect(new Set(loaded.repairs.map(({ code }) => code))).toEqual(new Set(['assumed_zone', 'unknown_value']));
    expect(loaded.slices.reduce((sum, { rows }) => sum + rows, 0)).toBe(1_000);
  });

  it.each([
    ['provider', `nullif("ProviderName", 'NULL')`, 'provider_name'],
    ['service', `nullif("ServiceName", 'NULL')`, 'service_name'],
    ['day', `left("ChargePeriodStart", 10)`, `to_char(charge_period_start AT TIME ZONE 'UTC', 'YYYY-MM-DD')`],
  ])('has the totals by %s that another engine computes from the file', async (_, ofFile, ofCharges) => {
    const sums = ['billed_cost', 'effective_cost', 'list_cost', 'contracted_cost'].map(
      (column) => `sum(${column}::numeric(38, 18))::text`,
    );
    const rows = await loading.query<Record<string, unknown>>(
      `SELECT ${ofCharges} COLLATE "C" AS grouped, count(*)::text AS rows, ${sums.map((sum, index) => `${sum} AS sum_${index}`).join(', ')}
       FROM ${loaded.table} GROUP BY 1 ORDER BY 1 NULLS FIRST`,
    );
    const expected = await byDuckDb(ofFile);
    expect(expected.length).toBeGreaterThan(2);
    expect(rows.map((row) => Object.values(row))).toEqual(expected);
  });
});
