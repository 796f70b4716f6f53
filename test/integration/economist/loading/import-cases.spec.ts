import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { expressionOf } from '../field-cases/case-column.js';
import { LoadingFixture, localFile, type Loaded } from './loading-fixture.js';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'cases', 'economist');

const sums = z.object({
  where: z.record(z.string(), z.string().nullable()).default({}),
  currency: z.string(),
  billed: z.string(),
  effective: z.string().optional(),
  rows: z.number().optional(),
});
const step = z.object({
  import: z.string(),
  run: z.object({ accepted: z.number(), rejected: z.number() }),
  rejections: z.array(z.object({ line: z.number(), column: z.string(), code: z.string() })).default([]),
  repairs: z.array(z.object({ line: z.number(), column: z.string(), code: z.string() })).default([]),
  charges: z.array(sums),
});
const oneImport = z.object({ steps: z.tuple([step]) });

/** Those that are one file, read once; what follows an import is not this part's matter. */
const cases = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => {
    const expected = oneImport.safeParse(JSON.parse(readFileSync(join(FOLDER, name, 'expected.json'), 'utf8')));
    return expected.success ? [{ name, expected: expected.data.steps[0] }] : [];
  });

describe('a field case', () => {
  let loading: LoadingFixture;
  beforeAll(async () => (loading = await LoadingFixture.start()));
  afterAll(() => loading.stop());

  /** Whether the staged rows have these sums, compared by value in the database. */
  async function holds(loaded: Loaded, { where, currency, billed, effective, rows }: z.output<typeof sums>) {
    const conditions = Object.keys(where).map((key, n) => `${expressionOf(key)} IS NOT DISTINCT FROM $${n + 4}`);
    const [found] = await loading.query(
      `SELECT coalesce(sum(billed_cost), 0) = $1::numeric AS billed, count(*)::int AS rows,
         $2::numeric IS NULL OR coalesce(sum(effective_cost), 0) = $2::numeric AS effective
       FROM ${loaded.table} WHERE ${[`billing_currency = $3`, ...conditions].join(' AND ')}`,
      [billed, effective ?? null, currency, ...Object.values(where)],
    );
    expect({ where, ...found }).toEqual({ where, billed: true, effective: true, rows: rows ?? expect.any(Number) });
  }

  it('is found at all', () => {
    expect(cases.length).toBeGreaterThanOrEqual(6);
  });

  it.each(cases)('$name', async ({ name, expected }) => {
    const format = expected.import.endsWith('.parquet') ? 'parquet' : 'csv';
    const loaded = await loading.load(localFile(join(FOLDER, name, expected.import), format));
    expect(loaded).toMatchObject(expected.run);
    expect(loaded.rejections).toEqual(expected.rejections);
    expect(loaded.repairs).toEqual(expect.arrayContaining(expected.repairs));
    for (const sum of expected.charges) await holds(loaded, sum);
  });
});
