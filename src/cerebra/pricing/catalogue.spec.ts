import { calcPrice, findProvider, type Usage as CatalogueUsage } from '@pydantic/genai-prices';
import { describe, expect, it } from '@jest/globals';
import { instant } from '../../platform/time.js';
import { catalogue, catalogueModels } from './catalogue.js';
import { PriceTable } from './price-table.js';
import { priceOf } from './price.pure.js';
import { noUsage, type Usage } from './usage.js';

const NOW = new Date('2026-11-25T00:00:00Z');
const table = new PriceTable(catalogue());

const usages: readonly Partial<Usage>[] = [
  { input: 1_234, output: 567 },
  { input: 1_000, cacheRead: 9_000, output: 100, reasoning: 900 },
  { input: 300_000, cacheRead: 5_000, output: 10 },
  { input: 10, cacheRead: 20, cacheWrite: 30, cacheWrite1h: 40, output: 50 },
  { input: 100, audioInput: 200, output: 10 },
  { webSearches: 3 },
];

const theirs = (usage: Usage): CatalogueUsage => ({
  input_tokens: usage.input + usage.cacheRead + usage.cacheWrite + usage.cacheWrite1h + usage.audioInput,
  cache_read_tokens: usage.cacheRead,
  cache_write_tokens: usage.cacheWrite + usage.cacheWrite1h,
  cache_write_1h_tokens: usage.cacheWrite1h,
  input_audio_tokens: usage.audioInput,
  output_tokens: usage.output + usage.reasoning,
  web_searches: usage.webSearches,
});

describe.each([
  ['openai', 'openai', 1_000],
  ['anthropic', 'anthropic', 140],
  ['gemini', 'google', 400],
] as const)('the prices of %s', (provider, id, atLeast) => {
  it("are those of the catalogue's own engine, to its last float, for every model", () => {
    let compared = 0;
    for (const { model, names, matches, prices } of catalogueModels(provider)) {
      for (const name of prices.length === 0 ? [] : [model, ...names].filter(matches)) {
        const price = table.find(provider, name, instant(NOW.getTime()));
        for (const some of usages) {
          const usage = { ...noUsage(), ...some };
          const expected = calcPrice(theirs(usage), name, { providerId: id, timestamp: NOW })?.total_price;
          const ours = price === null ? undefined : Number(priceOf(usage, price)) / 1e12;
          expect([name, some, ours]).toEqual([name, some, expect.closeTo(expected ?? Number.NaN, 10)]);
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(atLeast);
  });

  it('change at no more than one prompt size, which is as much as the table can say', () => {
    for (const { id: model, prices } of findProvider({ providerId: id })?.models ?? []) {
      for (const entry of Array.isArray(prices) ? prices : [{ prices }]) {
        const starts = Object.values(entry.prices).flatMap((price) =>
          typeof price === 'object' ? price.tiers.map(({ start }) => start) : [],
        );
        expect([model, new Set(starts).size <= 1]).toEqual([model, true]);
      }
    }
  });
});
