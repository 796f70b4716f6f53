import { calcPrice, type Usage as CatalogueUsage } from '@pydantic/genai-prices';
import { expect, it } from '@jest/globals';
import { instant } from '../../platform/time.js';
import { catalogueModels } from './catalogue.js';
import { PriceTable } from './price-table.js';
import { priceOf } from './price.pure.js';
import { noUsage, type Usage } from './usage.js';

const NOW = new Date('2026-11-25T00:00:00Z');
const table = new PriceTable('test', catalogueModels('openai'));

const usages: readonly Partial<Usage>[] = [
  { input: 1_234, output: 567 },
  { input: 1_000, cacheRead: 9_000, output: 100, reasoning: 900 },
  { input: 300_000, cacheRead: 5_000, output: 10 },
];

const theirs = (usage: Usage): CatalogueUsage => ({
  input_tokens: usage.input + usage.cacheRead,
  cache_read_tokens: usage.cacheRead,
  output_tokens: usage.output + usage.reasoning,
});

it("prices every model of the catalogue as the catalogue's own engine does, to its last float", () => {
  let compared = 0;
  for (const { names, prices } of catalogueModels('openai')) {
    for (const name of prices.length === 0 ? [] : names) {
      const price = table.find('openai', name, instant(NOW.getTime()));
      for (const some of usages) {
        const usage = { ...noUsage(), ...some };
        const expected = calcPrice(theirs(usage), name, { providerId: 'openai', timestamp: NOW })?.total_price;
        const ours = price === null ? undefined : Number(priceOf(usage, price)) / 1e12;
        expect([name, ours]).toEqual([name, expect.closeTo(expected ?? Number.NaN, 10)]);
        compared++;
      }
    }
  }
  expect(compared).toBeGreaterThan(300);
});
