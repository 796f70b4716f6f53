import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { LoadingFixture } from './loading-fixture.js';

const HEADING = 'BillingAccountId,BillingCurrency,BilledCost,ChargePeriodStart';
const ROW = 'acme,USD,1,2026-03-02T10:00:00Z\n';

describe('a hostile file', () => {
  let loading: LoadingFixture;
  beforeAll(async () => (loading = await LoadingFixture.start(256 * 1024 ** 2)));
  afterAll(() => loading.stop());

  const outOfBounds: readonly [string, () => string | Buffer, RegExp][] = [
    ['that unpacks to a thousand times its size', () => gzipSync(`${HEADING}\n${ROW.repeat(3_000_000)}`), /100 times/],
    ['of 100,000 columns', () => `${Array.from({ length: 100_000 }, (_, n) => `c${n}`).join(',')}\n`, /4096 columns/],
    ['with a cell of many megabytes', () => `${HEADING}\n"${'x'.repeat(20_000_000)}",USD,1,2026-03-02\n`, /line 2 /],
    ['with a heading that never ends', () => 'x'.repeat(5_000_000), /longer than/],
    [
      'with a record that never ends',
      () => `${HEADING},${'x,'.repeat(4_000)}y\n${`${'x'.repeat(2_000)},`.repeat(3_000)}\n`,
      /record that starts on line 2/,
    ],
  ];
  it.each(outOfBounds)('%s is refused', async (_, content, message) => {
    await expect(loading.loadCsv(content())).rejects.toMatchObject({
      spec: { code: 'file_out_of_bounds' },
      message: expect.stringMatching(message),
    });
  });

  const unreadable: readonly [string, () => string | Buffer, RegExp][] = [
    ['that is empty', () => '', /empty/],
    ['of blank lines', () => '\n\r\n\n', /empty/],
    ['whose gzip data breaks off', () => gzipSync(`${HEADING}\n${ROW.repeat(1_000)}`).subarray(0, 60), /not whole/],
    [
      'of another kind',
      () => Buffer.from('PK\x03\x04\0\0binary,\0\n\xff\xfe'),
      /no column for BilledCost, BillingCurrency/,
    ],
    [
      'with the costs left out',
      () => 'BillingCurrency,ChargePeriodStart\nUSD,2026-03-01\n',
      /no column for BilledCost;/,
    ],
  ];
  it.each(unreadable)('%s is refused', async (_, content, message) => {
    await expect(loading.loadCsv(content())).rejects.toMatchObject({
      spec: { code: 'file_unreadable' },
      message: expect.stringMatching(message),
    });
  });

  it('that is said to be Parquet and is not, is refused without a word of where it lies', async () => {
    const part = await loading.file(`${HEADING}\n${ROW}`, 'parquet');
    const refused: unknown = await loading.load(part).catch((error: unknown) => error);
    expect(refused).toMatchObject({ spec: { code: 'file_unreadable' }, message: expect.stringMatching(/as Parquet/) });
    expect(JSON.stringify(refused)).not.toContain(loading.folder);
  });

  it('with an open quote costs the rows that it swallows, and counts as one', async () => {
    const loaded = await loading.loadCsv(`${HEADING}\n${ROW}"acme,USD,1,2026-03-02\n${ROW}`);
    expect(loaded).toMatchObject({ accepted: 1, rejected: 1 });
    expect(loaded.rejections).toEqual([{ line: 3, column: null, code: 'malformed_record' }]);
  });

  it('that is wrong in every row is read to its end, and its first rows are reported', async () => {
    const loaded = await loading.loadCsv(`${HEADING}\n${'acme,USD,x,2026-03-02\n'.repeat(101_000)}`);
    expect(loaded).toMatchObject({ accepted: 0, rejected: 101_000 });
    expect(loaded.rejections).toHaveLength(100_000);
    expect(loaded.rejections.at(-1)?.line).toBe(100_001);
  });

  it('leaves nothing staged, and the next one is loaded', async () => {
    await expect(loading.loadCsv('')).rejects.toThrow();
    const before = await loading.stagedTables();
    expect(await loading.loadCsv(`${HEADING}\n${ROW}`)).toMatchObject({ accepted: 1 });
    expect(await loading.stagedTables()).toBe(before + 1);
  });
});
