import { describe, expect, it } from '@jest/globals';
import { billed } from '../../../../test/support/invoice.js';
import { responsesUsage } from './responses-usage.js';
import { usageOf } from './usage.pure.js';

/** Usage as OpenAI tells it, and nano-USD worked out by hand from its price page; 1 USD per million is 1,000 each. */
describe("OpenAI's invoices", () => {
  it('gpt-4o, 2.50 / 1.25 cached / 10: most of the prompt was cached', () => {
    const report = {
      prompt_tokens: 1_200,
      completion_tokens: 300,
      total_tokens: 1_500,
      prompt_tokens_details: { cached_tokens: 1_024, audio_tokens: 0 },
    };
    // 176 × 2,500 + 1,024 × 1,250 + 300 × 10,000 = 440,000 + 1,280,000 + 3,000,000
    expect(billed('openai', 'gpt-4o', usageOf(report))).toBe(4_720_000);
  });

  it('gpt-5, 1.25 / 10: reasoning costs as output, and is in it', () => {
    const report = {
      prompt_tokens: 1_000,
      completion_tokens: 5_000,
      total_tokens: 6_000,
      completion_tokens_details: { reasoning_tokens: 4_000 },
    };
    // 1,000 × 1,250 + (1,000 + 4,000) × 10,000 = 1,250,000 + 50,000,000
    expect(billed('openai', 'gpt-5', usageOf(report))).toBe(51_250_000);
  });

  it('gpt-audio, 2.50 / 10 for text and 32 / 64 for sound', () => {
    const report = {
      prompt_tokens: 500,
      completion_tokens: 300,
      prompt_tokens_details: { audio_tokens: 400, cached_tokens: 0 },
      completion_tokens_details: { audio_tokens: 250, reasoning_tokens: 0 },
    };
    // 100 × 2,500 + 400 × 32,000 + 50 × 10,000 + 250 × 64,000 = 250,000 + 12,800,000 + 500,000 + 16,000,000
    expect(billed('openai', 'gpt-audio', usageOf(report))).toBe(29_550_000);
  });

  it('gpt-5.4, 5 / 0.50 cached / 22.50 for the whole call once its prompt reaches 272,000', () => {
    const report = {
      prompt_tokens: 300_000,
      completion_tokens: 1_000,
      prompt_tokens_details: { cached_tokens: 100_000 },
    };
    // 200,000 × 5,000 + 100,000 × 500 + 1,000 × 22,500 = 1,000,000,000 + 50,000,000 + 22,500,000
    expect(billed('openai', 'gpt-5.4', usageOf(report))).toBe(1_072_500_000);
  });

  it('gpt-6-sol, 2 / 0.20 cached / 2.50 written / 10: a prompt that is read from and written to the cache', () => {
    const report = {
      prompt_tokens: 10_000,
      completion_tokens: 500,
      prompt_tokens_details: { cached_tokens: 6_000, cache_write_tokens: 3_000 },
    };
    // 1,000 × 2,000 + 6,000 × 200 + 3,000 × 2,500 + 500 × 10,000 = 2,000,000 + 1,200,000 + 7,500,000 + 5,000,000
    expect(billed('openai', 'gpt-6-sol', usageOf(report))).toBe(15_700_000);
  });

  it('gpt-5.4 in the priority tier, 5 / 30', () => {
    const report = { prompt_tokens: 1_000, completion_tokens: 100 };
    // 1,000 × 5,000 + 100 × 30,000 = 5,000,000 + 3,000,000
    expect(billed('openai', 'gpt-5.4', usageOf(report, 'priority'))).toBe(8_000_000);
    // The default tier, 2.50 / 15: 1,000 × 2,500 + 100 × 15,000 = 2,500,000 + 1,500,000
    expect(billed('openai', 'gpt-5.4', usageOf(report, 'default'))).toBe(4_000_000);
  });

  it('gpt-5-mini in the flex tier, 0.125 / 0.0125 cached / 1: half of 0.25 / 0.025 / 2', () => {
    const report = {
      prompt_tokens: 10_000,
      completion_tokens: 2_000,
      prompt_tokens_details: { cached_tokens: 8_000 },
      completion_tokens_details: { reasoning_tokens: 1_500 },
    };
    // 2,000 × 125 + 8,000 × 12.5 + 2,000 × 1,000 = 250,000 + 100,000 + 2,000,000
    expect(billed('openai', 'gpt-5-mini', usageOf(report, 'flex'))).toBe(2_350_000);
  });

  it('gpt-4.1, 2 / 0.50 cached / 8: a response, whose usage has other names', () => {
    const report = {
      input_tokens: 2_000,
      input_tokens_details: { cached_tokens: 500 },
      output_tokens: 100,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 2_100,
    };
    // 1,500 × 2,000 + 500 × 500 + 100 × 8,000 = 3,000,000 + 250,000 + 800,000
    expect(billed('openai', 'gpt-4.1', responsesUsage.usageOf(report))).toBe(4_050_000);
  });

  it('gpt-image-1.5, 5 for text and 8 / 32 for pictures', () => {
    const report = {
      input_tokens: 1_100,
      input_tokens_details: { text_tokens: 100, image_tokens: 1_000 },
      output_tokens: 4_160,
      output_tokens_details: { image_tokens: 4_160, text_tokens: 0 },
    };
    // 100 × 5,000 + 1,000 × 8,000 + 4,160 × 32,000 = 500,000 + 8,000,000 + 133,120,000
    expect(billed('openai', 'gpt-image-1.5', responsesUsage.usageOf(report))).toBe(141_620_000);
  });

  it('text-embedding-3-small, 0.02', () => {
    // 8 × 20
    expect(billed('openai', 'text-embedding-3-small', usageOf({ prompt_tokens: 8, total_tokens: 8 }))).toBe(160);
  });

  it('o3, 10 / 40 until 10 June 2025 and 2 / 8 since', () => {
    const report = { prompt_tokens: 100, completion_tokens: 10 };
    // 100 × 10,000 + 10 × 40,000 = 1,000,000 + 400,000
    expect(billed('openai', 'o3', usageOf(report), '2025-06-09')).toBe(1_400_000);
    // 100 × 2,000 + 10 × 8,000 = 200,000 + 80,000
    expect(billed('openai', 'o3', usageOf(report), '2025-06-10')).toBe(280_000);
  });
});
