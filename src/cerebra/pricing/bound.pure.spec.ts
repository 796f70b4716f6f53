import { describe, expect, it } from '@jest/globals';
import { instant } from '../../platform/time.js';
import { boundOf, outputBound, type Ask } from './bound.pure.js';
import { catalogue } from './catalogue.js';
import { toNanoUsd } from './money.js';
import { maxOutputTokens } from './output-limits.pure.js';
import { PriceTable } from './price-table.js';
import { priceOf } from './price.pure.js';
import type { ModelPrice } from './rates.js';
import { noUsage, outputBuckets, promptBuckets, tiers } from './usage.js';

const table = new PriceTable(catalogue());

function priceFor(model: string, provider = 'openai'): ModelPrice {
  const price = table.find(provider, model, instant(Date.UTC(2026, 10, 25)));
  if (price === null) throw new Error(`${model} has no price`);
  return price;
}

const ask = (some: Partial<Ask>): Ask => ({
  bytes: 1_000,
  media: false,
  maxOutput: 100,
  choices: 1,
  tier: 'standard',
  webSearches: 0,
  ...some,
});

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

  it('holds the dearest tier that may be served, which the reply may then not name', () => {
    // 1,000 × 5,000 + 100 × 30,000: twice the standard rates
    expect(boundOf(ask({ tier: 'priority' }), priceFor('gpt-5.4'))).toBe(8_000_000);
    expect(boundOf(ask({ tier: 'flex' }), priceFor('gpt-5.4'))).toBe(boundOf(ask({}), priceFor('gpt-5.4')));
    // 300,000 × 10,000 + 100 × 45,000: a long prompt in the priority tier
    expect(boundOf(ask({ tier: 'priority', bytes: 300_000 }), priceFor('gpt-5.4'))).toBe(3_004_500_000);
  });

  it('holds what a reply may multiply it by, and the fee of every search that may be made', () => {
    // (1,000 × 8,000 + 100 × 20,000) × 1.1 + 5 × 10,000,000: writes for an hour are the dearest input
    expect(boundOf(ask({ webSearches: 5 }), priceFor('claude-opus-5-5', 'anthropic'))).toBe(61_000_000);
  });

  it.each([
    ['openai', 'gpt-4o'],
    ['openai', 'gpt-5.4'],
    ['openai', 'gpt-5.6-luna'],
    ['openai', 'gpt-audio'],
    ['anthropic', 'claude-sonnet-4-5'],
    ['anthropic', 'claude-opus-5-5'],
    ['gemini', 'gemini-2.5-pro'],
    ['gemini', 'gemini-2.5-flash-image'],
  ])('is never below the price of any usage within it: %s/%s', (provider, model) => {
    const price = priceFor(model, provider);
    for (const tier of tiers) {
      for (const bytes of [1, 999, 271_999, 272_000, 272_001, 400_000]) {
        const bound = boundOf(ask({ bytes, choices: 2, tier, webSearches: 3 }), price);
        const tokens = Math.min(bytes, price.contextTokens);
        for (const input of promptBuckets) {
          for (const output of outputBuckets) {
            const served = { tier, traits: ['inference_geo=us'], webSearches: 3 };
            const cost = priceOf({ ...noUsage(), ...served, [input]: tokens, [output]: 200 }, price);
            expect([tier, bytes, input, output, toNanoUsd(cost) <= bound]).toEqual([tier, bytes, input, output, true]);
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
