import { describe, expect, it } from '@jest/globals';
import { instant } from '../../platform/time.js';
import { boundOf, outputBound, type Ask } from './bound.pure.js';
import { catalogueModels } from './catalogue.js';
import { toNanoUsd } from './money.js';
import { maxOutputTokens } from './output-limits.pure.js';
import { PriceTable } from './price-table.js';
import { priceOf } from './price.pure.js';
import type { ModelPrice } from './rates.js';
import { noUsage } from './usage.js';

const table = new PriceTable('test', catalogueModels('openai'));

function priceFor(model: string): ModelPrice {
  const price = table.find('openai', model, instant(Date.UTC(2026, 10, 25)));
  if (price === null) throw new Error(`${model} has no price`);
  return price;
}

const ask = (some: Partial<Ask>): Ask => ({ bytes: 1_000, media: false, maxOutput: 100, choices: 1, ...some });

describe('the dearest that a call can become', () => {
  it('is every byte a token at the dearest input rate, and the whole output that was asked', () => {
    // 1,000 × 2,500 + 100 × 10,000 nano-USD
    expect(boundOf(ask({}), priceFor('gpt-4o'))).toBe(3_500_000);
  });

  it('takes the model at its word when no limit was asked', () => {
    // 1,000 × 2,500 + 16,384 × 10,000
    expect(boundOf(ask({ maxOutput: null }), priceFor('gpt-4o'))).toBe(166_340_000);
  });

  it('counts the output of each choice, the prompt once', () => {
    // 1,000 × 2,500 + 3 × 100 × 10,000
    expect(boundOf(ask({ choices: 3 }), priceFor('gpt-4o'))).toBe(5_500_000);
    expect(outputBound(ask({ choices: 3 }), priceFor('gpt-4o'))).toBe(300);
  });

  it('fills the context window for an image, whose tokens no byte bounds', () => {
    // 128,000 × 2,500 + 100 × 10,000
    expect(boundOf(ask({ media: true }), priceFor('gpt-4o'))).toBe(321_000_000);
  });

  it('never goes beyond the context window', () => {
    expect(boundOf(ask({ bytes: 10_000_000, maxOutput: 1e9 }), priceFor('gpt-4o'))).toBe(
      128_000 * 2_500 + 128_000 * 10_000,
    );
  });

  it('takes the rates of a long prompt only where one can be reached, and what a cache write costs', () => {
    // 1,000 × 250 + 100 × 1,200
    expect(boundOf(ask({}), priceFor('gpt-5.6-luna'))).toBe(370_000);
    // 300,000 × 500 + 100 × 1,800
    expect(boundOf(ask({ bytes: 300_000 }), priceFor('gpt-5.6-luna'))).toBe(150_180_000);
  });

  it('is never below the price of any usage within it', () => {
    for (const model of ['gpt-4o', 'gpt-5.4', 'gpt-5.6-luna', 'gpt-audio']) {
      const price = priceFor(model);
      for (const bytes of [1, 999, 271_999, 272_000, 272_001, 400_000]) {
        const bound = boundOf(ask({ bytes, choices: 2 }), price);
        const tokens = Math.min(bytes, price.contextTokens);
        for (const input of ['input', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'audioInput'] as const) {
          for (const output of ['output', 'reasoning', 'audioOutput'] as const) {
            const cost = toNanoUsd(priceOf({ ...noUsage(), [input]: tokens, [output]: 200 }, price));
            expect([model, bytes, input, output, cost <= bound]).toEqual([model, bytes, input, output, true]);
          }
        }
      }
    }
  });
});

it.each([
  ['gpt-4o', 16_384],
  ['gpt-4o-2024-05-13', 4_096],
  ['gpt-4o-mini', 16_384],
  ['gpt-4.1-mini', 32_768],
  ['gpt-5', 128_000],
  ['gpt-5.2-pro', 272_000],
  ['gpt-6-sol', 128_000],
  ['o1-preview', 32_768],
  ['o3-mini', 100_000],
  ['gpt-3.5-turbo-16k', 4_096],
  ['gpt-9', 300_000],
])('%s writes at most %d tokens', (model, tokens) => {
  expect(maxOutputTokens(model, 300_000)).toBe(tokens);
});
