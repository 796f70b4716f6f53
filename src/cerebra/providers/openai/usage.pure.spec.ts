import { describe, expect, it } from '@jest/globals';
import { noUsage } from '../../pricing/usage.js';
import { chunkUsageOf, usageOf } from './usage.pure.js';

describe("OpenAI's usage, taken apart", () => {
  it.each([
    ['plain', { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 }, { input: 10, output: 4 }],
    [
      'cached and reasoning, inside of the sums',
      {
        prompt_tokens: 1_200,
        completion_tokens: 300,
        total_tokens: 1_500,
        prompt_tokens_details: { cached_tokens: 1_024, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 250 },
      },
      { input: 176, cacheRead: 1_024, output: 50, reasoning: 250 },
    ],
    [
      'written to the cache',
      {
        prompt_tokens: 100,
        completion_tokens: 1,
        prompt_tokens_details: { cached_tokens: 20, cache_write_tokens: 30 },
      },
      { input: 50, cacheRead: 20, cacheWrite: 30, output: 1 },
    ],
    [
      'spoken',
      {
        prompt_tokens: 100,
        completion_tokens: 80,
        prompt_tokens_details: { audio_tokens: 60 },
        completion_tokens_details: { audio_tokens: 50, reasoning_tokens: 0 },
      },
      { input: 40, audioInput: 60, output: 30, audioOutput: 50 },
    ],
    [
      'cache hits in a field of their own',
      { prompt_tokens: 12_345, completion_tokens: 250, prompt_cache_hit_tokens: 12_000, prompt_cache_miss_tokens: 345 },
      { input: 345, cacheRead: 12_000, output: 250 },
    ],
    [
      'reasoning on top, by the total',
      {
        prompt_tokens: 320,
        completion_tokens: 45,
        total_tokens: 775,
        completion_tokens_details: { reasoning_tokens: 410 },
      },
      { input: 320, output: 45, reasoning: 410 },
    ],
    [
      'parts larger than the whole',
      {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 15,
        prompt_tokens_details: { cached_tokens: 8, audio_tokens: 9 },
        completion_tokens_details: { reasoning_tokens: 50 },
      },
      { input: 0, cacheRead: 8, audioInput: 2, output: 0, reasoning: 5 },
    ],
    [
      'pictures on both sides',
      {
        prompt_tokens: 100,
        completion_tokens: 80,
        prompt_tokens_details: { image_tokens: 90, cached_tokens: 0 },
        completion_tokens_details: { image_tokens: 75 },
      },
      { input: 10, imageInput: 90, output: 5, imageOutput: 75 },
    ],
    ['an embedding', { prompt_tokens: 7, total_tokens: 7 }, { input: 7 }],
  ])('%s', (_, report, expected) => {
    expect(usageOf(report)).toEqual({ ...noUsage(), ...expected });
  });

  it.each([
    [null],
    [undefined],
    ['many'],
    [{}],
    [{ prompt_tokens: '5' }],
    [{ prompt_tokens: -1 }],
    [{ prompt_tokens: 1.5 }],
  ])('finds none in %j', (report) => expect(usageOf(report)).toBeNull());

  it('is read wherever a chunk tells it', () => {
    const usage = { prompt_tokens: 44, completion_tokens: 12 };
    expect(chunkUsageOf({ choices: [{}], x_groq: { usage } }, null)).toMatchObject({
      usage: { input: 44 },
      only: false,
    });
    expect(chunkUsageOf({ choices: [], usage }, null)).toMatchObject({ usage: { input: 44 }, only: true });
    expect(chunkUsageOf({ choices: [], usage: null }, null)).toEqual({ usage: null, only: false, soFar: false });
    expect(chunkUsageOf(undefined, null)).toEqual({ usage: null, only: false, soFar: false });
  });

  it('knows the tier that was served, also where only an earlier chunk told it', () => {
    const usage = { prompt_tokens: 44, completion_tokens: 12 };
    expect(usageOf(usage, 'priority')).toMatchObject({ tier: 'priority' });
    expect(usageOf(usage, 'default')).toMatchObject({ tier: 'standard' });
    const first = chunkUsageOf({ choices: [{}], usage, service_tier: 'flex' }, null).usage;
    expect(first).toMatchObject({ tier: 'flex' });
    expect(chunkUsageOf({ choices: [], usage }, first).usage).toMatchObject({ tier: 'flex' });
    expect(chunkUsageOf({ choices: [], usage, service_tier: 'default' }, first).usage).toMatchObject({
      tier: 'standard',
    });
  });
});
