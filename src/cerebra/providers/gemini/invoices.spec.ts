import { describe, expect, it } from '@jest/globals';
import { billed } from '../../../../test/support/invoice.js';
import { usageOf } from './usage.pure.js';

const cost = (model: string, report: object, day?: string): number => billed('gemini', model, usageOf(report), day);

const parts = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).map(([modality, tokenCount]) => ({ modality, tokenCount }));

/** Usage as Google tells it, and nano-USD worked out by hand from its price page; 1 USD per million is 1,000 each. */
describe("Gemini's invoices", () => {
  it('gemini-2.5-flash, 0.30 / 0.03 cached / 2.50: thoughts are beside the candidates, and cost the same', () => {
    const report = {
      promptTokenCount: 120,
      cachedContentTokenCount: 64,
      candidatesTokenCount: 17,
      thoughtsTokenCount: 41,
      totalTokenCount: 178,
    };
    // 56 × 300 + 64 × 30 + (17 + 41) × 2,500 = 16,800 + 1,920 + 145,000
    expect(cost('gemini-2.5-flash', report)).toBe(163_720);
  });

  it('gemini-2.5-flash, 0.30 for text, 1 for sound', () => {
    const report = {
      promptTokenCount: 1_500,
      promptTokensDetails: parts({ TEXT: 500, AUDIO: 1_000 }),
      candidatesTokenCount: 100,
    };
    // 500 × 300 + 1,000 × 1,000 + 100 × 2,500 = 150,000 + 1,000,000 + 250,000
    expect(cost('gemini-2.5-flash', report)).toBe(1_400_000);
  });

  it('gemini-2.5-flash, 0.03 for cached text, 0.10 for cached sound', () => {
    const report = {
      promptTokenCount: 2_000,
      promptTokensDetails: parts({ TEXT: 800, AUDIO: 1_200 }),
      cachedContentTokenCount: 1_000,
      cacheTokensDetails: parts({ TEXT: 400, AUDIO: 600 }),
      candidatesTokenCount: 50,
    };
    // 400 × 300 + 600 × 1,000 + 400 × 30 + 600 × 100 + 50 × 2,500 = 120,000 + 600,000 + 12,000 + 60,000 + 125,000
    expect(cost('gemini-2.5-flash', report)).toBe(917_000);
  });

  it('gemini-2.5-pro, 2.50 / 0.25 cached / 15 for the whole call beyond a prompt of 200,000', () => {
    const report = {
      promptTokenCount: 250_000,
      cachedContentTokenCount: 100_000,
      candidatesTokenCount: 800,
      thoughtsTokenCount: 1_200,
    };
    // 150,000 × 2,500 + 100,000 × 250 + 2,000 × 15,000 = 375,000,000 + 25,000,000 + 30,000,000
    expect(cost('gemini-2.5-pro', report)).toBe(430_000_000);
    // At 200,000 still 1.25 / 10: 200,000 × 1,250 + 2,000 × 10,000 = 250,000,000 + 20,000,000
    expect(cost('gemini-2.5-pro', { ...report, promptTokenCount: 200_000, cachedContentTokenCount: 0 })).toBe(
      270_000_000,
    );
  });

  it('gemini-3.5-flash, 1.50 / 9: what its tools read is beside the prompt, and costs the same', () => {
    const report = {
      promptTokenCount: 300,
      toolUsePromptTokenCount: 1_200,
      candidatesTokenCount: 90,
      thoughtsTokenCount: 210,
      totalTokenCount: 1_800,
    };
    // 1,500 × 1,500 + 300 × 9,000 = 2,250,000 + 2,700,000
    expect(cost('gemini-3.5-flash', report)).toBe(4_950_000);
  });

  it('gemini-2.5-flash-image, 0.30 for what it sees, 30 for what it draws', () => {
    const report = {
      promptTokenCount: 270,
      promptTokensDetails: parts({ TEXT: 12, IMAGE: 258 }),
      candidatesTokenCount: 1_290,
      candidatesTokensDetails: parts({ IMAGE: 1_290 }),
    };
    // 270 × 300 + 1,290 × 30,000 = 81,000 + 38,700,000
    expect(cost('gemini-2.5-flash-image', report)).toBe(38_781_000);
  });

  it('gemini-3.5-flash-lite in the flex tier, half of 0.30 / 2.50', () => {
    const report = { promptTokenCount: 1_000, candidatesTokenCount: 200, serviceTier: 'flex' };
    // 1,000 × 150 + 200 × 1,250 = 150,000 + 250,000
    expect(cost('gemini-3.5-flash-lite', report)).toBe(400_000);
  });

  it('gemini-3.1-pro-preview, 2 / 12: mostly thoughts', () => {
    const report = { promptTokenCount: 4_000, candidatesTokenCount: 500, thoughtsTokenCount: 2_500 };
    // 4,000 × 2,000 + 3,000 × 12,000 = 8,000,000 + 36,000,000
    expect(cost('gemini-3.1-pro-preview', report)).toBe(44_000_000);
  });

  it('gemini-3.6-flash, 0.75 / 3.75 until 2027 and twice that then', () => {
    const report = { promptTokenCount: 1_000, candidatesTokenCount: 100 };
    // 1,000 × 750 + 100 × 3,750 = 750,000 + 375,000
    expect(cost('gemini-3.6-flash', report, '2026-12-31')).toBe(1_125_000);
    // 1,000 × 1,500 + 100 × 7,500 = 1,500,000 + 750,000
    expect(cost('gemini-3.6-flash', report, '2027-01-01')).toBe(2_250_000);
  });

  it('gemini-embedding-001, 0.15', () => {
    // 2,048 × 150
    expect(cost('gemini-embedding-001', { promptTokenCount: 2_048 })).toBe(307_200);
  });
});
