import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EconomistFixture } from './economist-fixture.js';
import { focusCsv, importText, ledger } from './imports-fixture.js';

let economist: EconomistFixture;
beforeAll(async () => (economist = await EconomistFixture.start()));
afterAll(() => economist.stop());

describe('an uploaded file', () => {
  it('is charges and sums once its run is over', async () => {
    const run = await importText(economist, focusCsv(['1.10', '2.20', '0.000000000000000001']));
    expect(run).toMatchObject({
      source: 'upload',
      kind: 'import',
      status: 'completed',
      accepted_rows: 3,
      rejected_rows: 0,
      progress: { rows: 3, percent: 100 },
      slices: [
        {
          key: 'acme/2026-03',
          period: '2026-03',
          rows: 3,
          state: 'new',
          costs: [{ currency: 'USD', billed: '3.300000000000000001', effective: '3.300000000000000001' }],
        },
      ],
      error: null,
    });
    expect(await ledger(economist)).toEqual({ rows: 3, billed: '3.300000000000000001' });
  });
});
