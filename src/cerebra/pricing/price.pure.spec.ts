import { describe, expect, it } from '@jest/globals';
import { instant } from '../../platform/time.js';
import { catalogue, catalogueModels } from './catalogue.js';
import { toExactUsd } from './money.js';
import { PriceTable } from './price-table.js';
import { priceOf } from './price.pure.js';
import { ratesFor, type ModelPrice, type Rates } from './rates.js';
import { noUsage, type Usage } from './usage.js';

const table = new PriceTable(catalogue());
const NOW = instant(Date.UTC(2026, 10, 25));

function priceFor(model: string, at = NOW): ModelPrice {
  const price = table.find('openai', model, at);
  if (price === null) throw new Error(`${model} has no price`);
  return price;
}

const costOf = (model: string, usage: Partial<Usage>, at = NOW): string =>
  toExactUsd(priceOf({ ...noUsage(), ...usage }, priceFor(model, at)));

describe('the price of a call, worked out by hand from the public price list', () => {
  it('gpt-4o: 2.50, 1.25 cached and 10 USD per million', () => {
    // 176 × 2,500 + 1,024 × 1,250 + 7 × 10,000 nano-USD = 440,000 + 1,280,000 + 70,000 = 1,790,000
    expect(costOf('gpt-4o', { input: 176, cacheRead: 1_024, output: 7 })).toBe('0.001790000000');
  });

  it('gpt-4o-mini: reasoning and output alike, 0.60 USD per million', () => {
    // 31 × 150 + (4 + 5) × 600 = 4,650 + 5,400 = 10,050 nano-USD
    expect(costOf('gpt-4o-mini', { input: 31, output: 4, reasoning: 5 })).toBe('0.000010050000');
  });

  it('gpt-5-nano: a cached token costs 5 nano-USD', () => {
    // 1 × 5 = 5 nano-USD
    expect(costOf('gpt-5-nano', { cacheRead: 1 })).toBe('0.000000005000');
  });

  it('gpt-audio: 2.50 and 10 for text, 32 and 64 for sound', () => {
    // 40 × 2,500 + 60 × 32,000 + 30 × 10,000 + 50 × 64,000 = 100,000 + 1,920,000 + 300,000 + 3,200,000 = 5,520,000
    expect(costOf('gpt-audio', { input: 40, audioInput: 60, output: 30, audioOutput: 50 })).toBe('0.005520000000');
  });

  it('gpt-5.4: the whole call at the higher rates once the prompt has 272,000 tokens', () => {
    // 271,999 × 2,500 + 10 × 15,000 = 679,997,500 + 150,000 = 680,147,500 nano-USD
    expect(costOf('gpt-5.4', { input: 271_999, output: 10 })).toBe('0.680147500000');
    // 200,000 × 5,000 + 72,000 × 500 + 10 × 22,500 = 1,000,000,000 + 36,000,000 + 225,000 = 1,036,225,000 nano-USD
    expect(costOf('gpt-5.4', { input: 200_000, cacheRead: 72_000, output: 10 })).toBe('1.036225000000');
  });

  it('gpt-5.6-luna: what is written to the cache costs more, and prices fell on 30 July 2026', () => {
    const usage = { input: 100, cacheWrite5m: 1_000, output: 10 };
    // 100 × 1,000 + 1,000 × 1,250 + 10 × 6,000 = 100,000 + 1,250,000 + 60,000 = 1,410,000 nano-USD
    expect(costOf('gpt-5.6-luna', usage, instant(Date.UTC(2026, 6, 29)))).toBe('0.001410000000');
    // 100 × 200 + 1,000 × 250 + 10 × 1,200 = 20,000 + 250,000 + 12,000 = 282,000 nano-USD
    expect(costOf('gpt-5.6-luna', usage, instant(Date.UTC(2026, 6, 30)))).toBe('0.000282000000');
  });

  it('keeps prices finer than a nano-USD: 2.8 for a cached token', () => {
    const rates: Rates = {
      ...priceFor('gpt-4o').standard.rates,
      input: 140_000n,
      cacheRead: 2_800n,
      output: 280_000n,
      reasoning: 280_000n,
    };
    const price: ModelPrice = { ...priceFor('gpt-4o'), tiers: { standard: { rates, longPrompt: null } } };
    // 345 × 140 + 12,000 × 2.8 + 250 × 280 = 48,300 + 33,600 + 70,000 = 151,900 nano-USD
    const usage = { ...noUsage(), input: 345, cacheRead: 12_000, output: 150, reasoning: 100 };
    expect(toExactUsd(priceOf(usage, price))).toBe('0.000151900000');
  });
});

describe('the price table', () => {
  it('knows dated snapshots under their own prices', () => {
    expect(priceFor('gpt-4o-2024-08-06')).toEqual(priceFor('gpt-4o'));
    expect(priceFor('gpt-4o-2024-05-13').standard.rates.input).toBe(5_000_000n);
    expect(priceFor('gpt-6-sol-2026-10-01')).toEqual(priceFor('gpt-6-sol'));
  });

  it('knows no price for what is not billed by the token, and none that it was not told', () => {
    for (const model of ['gpt-9', 'whisper-1', 'omni-moderation-latest', '']) {
      expect([model, table.find('openai', model, NOW)]).toEqual([model, null]);
      expect([model, table.knows('openai', model)]).toEqual([model, false]);
    }
    expect(table.find('demo', 'gpt-4o', NOW)).toBeNull();
  });

  it('agrees with the catalogue on every chat model: no rate is lost on the way to integers', () => {
    let compared = 0;
    for (const { names, prices } of catalogueModels('openai')) {
      for (const name of prices.length === 0 ? [] : names) {
        const price = priceFor(name);
        expect([name, price.standard.rates.input > 0n]).toEqual([name, true]);
        expect([name, price.maxOutputTokens <= price.contextTokens]).toEqual([name, true]);
        const { standard } = price;
        const over = standard.longPrompt?.over ?? 0;
        const differ = ratesFor(standard, over + 1) !== ratesFor(standard, over);
        expect([name, differ]).toEqual([name, standard.longPrompt !== null]);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(100);
  });

  it('has a version that names its prices', () => {
    const { version } = priceFor('gpt-4o');
    expect(version).toMatch(/^genai-prices-[0-9a-f]{12}$/);
    expect(table.find('anthropic', 'claude-opus-5-5', NOW)?.version).not.toBe(version);
  });
});
