import { describe, expect, it } from '@jest/globals';
import { noUsage } from '../../pricing/usage.js';
import { chunkUsageOf, usageOf } from './usage.pure.js';

const parts = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).map(([modality, tokenCount]) => ({ modality, tokenCount }));

describe("Gemini's usage, taken apart", () => {
  it.each([
    ['plain', { promptTokenCount: 10, candidatesTokenCount: 4, totalTokenCount: 14 }, { input: 10, output: 4 }],
    [
      'cached within the prompt, thoughts beside the candidates',
      { promptTokenCount: 120, cachedContentTokenCount: 64, candidatesTokenCount: 17, thoughtsTokenCount: 41 },
      { input: 56, cacheRead: 64, output: 17, reasoning: 41 },
    ],
    [
      'what tools read, beside the prompt',
      { promptTokenCount: 100, toolUsePromptTokenCount: 30, candidatesTokenCount: 5 },
      { input: 130, output: 5 },
    ],
    [
      'pictures and sound, fresh and cached',
      {
        promptTokenCount: 1_000,
        promptTokensDetails: parts({ TEXT: 300, AUDIO: 400, IMAGE: 200, VIDEO: 100 }),
        cachedContentTokenCount: 350,
        cacheTokensDetails: parts({ TEXT: 100, AUDIO: 200, IMAGE: 50 }),
        candidatesTokenCount: 90,
        candidatesTokensDetails: parts({ TEXT: 20, AUDIO: 40, IMAGE: 30 }),
      },
      {
        input: 300,
        cacheRead: 150,
        audioCacheRead: 200,
        audioInput: 200,
        imageInput: 150,
        output: 20,
        audioOutput: 40,
        imageOutput: 30,
      },
    ],
    [
      'parts larger than the whole',
      {
        promptTokenCount: 10,
        promptTokensDetails: parts({ AUDIO: 50, IMAGE: 50 }),
        cachedContentTokenCount: 20,
        candidatesTokenCount: 5,
        candidatesTokensDetails: parts({ AUDIO: 3, IMAGE: 9 }),
      },
      { cacheRead: 10, audioOutput: 3, imageOutput: 2 },
    ],
    ['a blocked prompt', { promptTokenCount: 7, totalTokenCount: 7 }, { input: 7 }],
    [
      'the tier that was served',
      { promptTokenCount: 7, candidatesTokenCount: 1, serviceTier: 'PRIORITY' },
      { input: 7, output: 1, tier: 'priority' as const },
    ],
    [
      'the usual tier',
      { promptTokenCount: 7, candidatesTokenCount: 1, serviceTier: 'standard' },
      { input: 7, output: 1 },
    ],
    [
      'details that are none',
      { promptTokenCount: 7, promptTokensDetails: [null, { modality: 'AUDIO' }, 'x'], candidatesTokenCount: 1 },
      { input: 7, output: 1 },
    ],
  ])('%s', (_, report, expected) => {
    expect(usageOf(report)).toEqual({ ...noUsage(), ...expected });
  });

  it.each([[null], [undefined], [{}], [{ totalTokenCount: 5 }], [{ promptTokenCount: 1.5 }]])(
    'finds none in %j',
    (report) => expect(usageOf(report)).toBeNull(),
  );

  it('is that of the last chunk: each tells the whole so far', () => {
    const event = (candidatesTokenCount: number) => ({ usageMetadata: { promptTokenCount: 5, candidatesTokenCount } });
    expect(chunkUsageOf(event(3))).toEqual({ usage: { ...noUsage(), input: 5, output: 3 }, only: false, soFar: false });
    expect(chunkUsageOf({ candidates: [] })).toEqual({ usage: null, only: false, soFar: false });
  });

  it('is of what was used so far until a candidate has finished', () => {
    const event = (more: object) => ({
      usageMetadata: { promptTokenCount: 5 },
      candidates: [{ content: {}, ...more }],
    });
    expect(chunkUsageOf(event({}))).toMatchObject({ soFar: true });
    expect(chunkUsageOf(event({ finishReason: 'STOP' }))).toMatchObject({ soFar: false });
  });
});
