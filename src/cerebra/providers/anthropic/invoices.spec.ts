import { describe, expect, it } from '@jest/globals';
import { billed } from '../../../../test/support/invoice.js';
import { usageOf } from './usage.pure.js';

const cost = (model: string, report: object, day?: string): number => billed('anthropic', model, usageOf(report), day);

/** Usage as Anthropic tells it, and nano-USD worked out by hand from its price page; 1 USD per million is 1,000 each. */
describe("Anthropic's invoices", () => {
  it('claude-sonnet-5, 2 / 10', () => {
    // 1,000 × 2,000 + 500 × 10,000 = 2,000,000 + 5,000,000
    expect(cost('claude-sonnet-5', { input_tokens: 1_000, output_tokens: 500, service_tier: 'standard' })).toBe(
      7_000_000,
    );
  });

  it('claude-opus-5-5, 4 / 0.20 read / 20: what was read from the cache is beside the input', () => {
    const report = { input_tokens: 12, cache_read_input_tokens: 50_000, output_tokens: 800 };
    // 12 × 4,000 + 50,000 × 200 + 800 × 20,000 = 48,000 + 10,000,000 + 16,000,000
    expect(cost('claude-opus-5-5', report)).toBe(26_048_000);
  });

  it('claude-opus-4-8, 5 / 6.25 and 10 written for 5 minutes and an hour / 0.50 read / 25', () => {
    const report = {
      input_tokens: 4,
      cache_creation_input_tokens: 1_500,
      cache_creation: { ephemeral_5m_input_tokens: 500, ephemeral_1h_input_tokens: 1_000 },
      cache_read_input_tokens: 2_000,
      output_tokens: 88,
    };
    // 4 × 5,000 + 500 × 6,250 + 1,000 × 10,000 + 2,000 × 500 + 88 × 25,000
    // = 20,000 + 3,125,000 + 10,000,000 + 1,000,000 + 2,200,000
    expect(cost('claude-opus-4-8', report)).toBe(16_345_000);
  });

  it('claude-haiku-4-5, 1 / 1.25 written / 5: a write whose age is not told is for 5 minutes', () => {
    const report = { input_tokens: 100, cache_creation_input_tokens: 3_000, output_tokens: 50 };
    // 100 × 1,000 + 3,000 × 1,250 + 50 × 5,000 = 100,000 + 3,750,000 + 250,000
    expect(cost('claude-haiku-4-5', report)).toBe(4_100_000);
  });

  it('claude-fable-5-1, 10 / 50: thinking costs as output, and is in it', () => {
    const report = { input_tokens: 2_000, output_tokens: 3_000, output_tokens_details: { thinking_tokens: 2_500 } };
    // 2,000 × 10,000 + (500 + 2,500) × 50,000 = 20,000,000 + 150,000,000
    expect(cost('claude-fable-5-1', report)).toBe(170_000_000);
  });

  it('claude-sonnet-4-5, 6 / 0.60 read / 22.50 for the whole call beyond a prompt of 200,000, cache included', () => {
    const report = { input_tokens: 150_000, cache_read_input_tokens: 60_000, output_tokens: 1_000 };
    // 150,000 × 6,000 + 60,000 × 600 + 1,000 × 22,500 = 900,000,000 + 36,000,000 + 22,500,000
    expect(cost('claude-sonnet-4-5', report)).toBe(958_500_000);
    // At 200,000 still 3 / 0.30 / 15: 140,000 × 3,000 + 60,000 × 300 + 1,000 × 15,000
    // = 420,000,000 + 18,000,000 + 15,000,000
    expect(cost('claude-sonnet-4-5', { ...report, input_tokens: 140_000 })).toBe(453_000_000);
  });

  it('claude-opus-4-6, 5 / 25 and 10 for a thousand searches; pages that are fetched cost only their tokens', () => {
    const report = {
      input_tokens: 2_500,
      output_tokens: 400,
      server_tool_use: { web_search_requests: 3, web_fetch_requests: 2 },
    };
    // 2,500 × 5,000 + 400 × 25,000 + 3 × 10,000,000 = 12,500,000 + 10,000,000 + 30,000,000
    expect(cost('claude-opus-4-6', report)).toBe(52_500_000);
  });

  it('claude-opus-5-5 within the United States, 1.1 × what tokens cost, and not of a search', () => {
    const report = { input_tokens: 1_000, output_tokens: 100, inference_geo: 'us' };
    // (1,000 × 4,000 + 100 × 20,000) × 1.1 = 6,000,000 × 1.1
    expect(cost('claude-opus-5-5', report)).toBe(6_600_000);
    // 6,600,000 + 10,000,000
    expect(cost('claude-opus-5-5', { ...report, server_tool_use: { web_search_requests: 1 } })).toBe(16_600_000);
    expect(cost('claude-opus-5-5', { ...report, inference_geo: 'global' })).toBe(6_000_000);
  });

  it('claude-sonnet-5 in a batch, half of 2 / 10', () => {
    // 1,000 × 1,000 + 500 × 5,000 = 1,000,000 + 2,500,000
    expect(cost('claude-sonnet-5', { input_tokens: 1_000, output_tokens: 500, service_tier: 'batch' })).toBe(3_500_000);
  });

  it('claude-opus-4-6 with a long prompt, 10 until 13 March 2026 and 5 since', () => {
    const report = { input_tokens: 250_000, output_tokens: 0 };
    // 250,000 × 10,000
    expect(cost('claude-opus-4-6', report, '2026-03-12')).toBe(2_500_000_000);
    // 250,000 × 5,000
    expect(cost('claude-opus-4-6', report, '2026-03-13')).toBe(1_250_000_000);
  });
});
