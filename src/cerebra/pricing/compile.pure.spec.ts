import { describe, expect, it } from '@jest/globals';
import { compile } from './compile.pure.js';
import { isPriced, priceOf } from './price.pure.js';
import { ratesFor, type Rates } from './rates.js';
import type { GivenRates, PriceTerms } from './terms.js';
import { noUsage, type Tier, type Usage } from './usage.js';

const limits = { contextTokens: 1_000_000, maxOutputTokens: 8_000 };

const terms = (rates: GivenRates, more: Partial<PriceTerms> = {}): PriceTerms => ({
  standard: { rates, above: null },
  tiers: {},
  webSearch: null,
  multipliers: {},
  contextTokens: null,
  maxOutputTokens: null,
  ...more,
});

const ratesOf = (rates: GivenRates): Rates => compile(terms(rates), limits, 'v').standard.rates;

describe('what a price list leaves out', () => {
  it.each<[string, Omit<GivenRates, 'input' | 'output'>, Partial<Rates>]>([
    ['everything costs as the prompt and the reply', {}, { cacheRead: 10n, cacheWrite1h: 10n, audioInput: 10n }],
    ['reasoning, sound and pictures cost as the reply', {}, { reasoning: 20n, audioOutput: 20n, imageOutput: 20n }],
    [
      'a write of no told age costs as that for 5 minutes',
      { cacheWrite5m: 12n, cacheWrite1h: 16n },
      { cacheWrite: 12n },
    ],
    ['a write for an hour costs as any write', { cacheWrite: 12n }, { cacheWrite5m: 12n, cacheWrite1h: 12n }],
    ['cached sound costs as what is cached', { cacheRead: 1n, audioInput: 30n }, { audioCacheRead: 1n }],
    ['cached sound costs as sound where nothing cached has a price', { audioInput: 30n }, { audioCacheRead: 30n }],
  ])('%s', (_, given, expected) => {
    expect(ratesOf({ input: 10n, output: 20n, ...given })).toMatchObject(expected);
  });

  it('leaves limits to what is known elsewhere', () => {
    expect(compile(terms({ input: 1n, output: 1n }), limits, 'v')).toMatchObject(limits);
    const own = terms({ input: 1n, output: 1n }, { contextTokens: 4_000 });
    expect(compile(own, limits, 'v')).toMatchObject({ contextTokens: 4_000, maxOutputTokens: 4_000 });
  });
});

describe('a tier', () => {
  const above = { promptTokens: 100, rates: { input: 30n, output: 40n } };
  const standard = { rates: { input: 10n, output: 20n }, above };

  it('that says nothing of long prompts is never cheaper than both', () => {
    const flex = { rates: { input: 5n, output: 50n }, above: null };
    const price = compile({ ...terms(standard.rates), standard, tiers: { flex } }, limits, 'v');
    const tariff = price.tiers.flex ?? price.standard;
    expect(ratesFor(tariff, 100)).toMatchObject({ input: 5n, output: 50n });
    expect(ratesFor(tariff, 101)).toMatchObject({ input: 30n, output: 50n });
  });

  it('keeps to what it says of long prompts', () => {
    const flex = { rates: { input: 5n, output: 5n }, above: { promptTokens: 200, rates: { input: 6n, output: 6n } } };
    const price = compile({ ...terms(standard.rates), standard, tiers: { flex } }, limits, 'v');
    expect(ratesFor(price.tiers.flex ?? price.standard, 201)).toMatchObject({ input: 6n });
    expect(ratesFor(price.tiers.flex ?? price.standard, 200)).toMatchObject({ input: 5n });
  });
});

describe('what a usage costs', () => {
  const given = terms(
    { input: 3n, output: 7n },
    { webSearch: 100n, multipliers: { 'inference_geo=us': '1.1', 'speed=fast': '2' } },
  );
  const price = compile(given, limits, 'v');
  const usage = (some: Partial<Usage>): Usage => ({ ...noUsage(), input: 1, ...some });

  it('is multiplied by every trait that has a factor, rounded up, and fees are not', () => {
    expect(priceOf(usage({}), price)).toBe(3n);
    // 3 × 1.1 = 3.3
    expect(priceOf(usage({ traits: ['inference_geo=us'] }), price)).toBe(4n);
    // 4 × 2 + 100
    expect(priceOf(usage({ traits: ['inference_geo=us', 'speed=fast'], webSearches: 1 }), price)).toBe(108n);
  });

  it.each<[boolean, string, Partial<Usage>]>([
    [true, 'all of it has a price', { traits: ['speed=fast'], webSearches: 2 }],
    [false, 'its tier has none', { tier: 'flex' satisfies Tier }],
    [false, 'a trait has none', { traits: ['speed=faster'] }],
  ])('is known: %s, since %s', (known, _, some) => {
    expect(isPriced(usage(some), price)).toBe(known);
  });

  it('is not known where a search has no price', () => {
    expect(isPriced(usage({ webSearches: 1 }), compile(terms({ input: 1n, output: 1n }), limits, 'v'))).toBe(false);
  });
});
