import { describe, expect, it } from '@jest/globals';
import { noUsage, type Usage } from '../../pricing/usage.js';
import { chunkUsageOf, usageOf } from './usage.pure.js';

describe("Anthropic's usage, taken apart", () => {
  it.each([
    ['plain', { input_tokens: 10, output_tokens: 4 }, { input: 10, output: 4 }],
    [
      'cached, with the ages of writes',
      {
        input_tokens: 4,
        cache_creation_input_tokens: 1_500,
        cache_read_input_tokens: 2_000,
        cache_creation: { ephemeral_5m_input_tokens: 500, ephemeral_1h_input_tokens: 1_000 },
        output_tokens: 1,
      },
      { input: 4, cacheRead: 2_000, cacheWrite5m: 500, cacheWrite1h: 1_000, output: 1 },
    ],
    [
      'a sum of writes alone',
      { input_tokens: 4, cache_creation_input_tokens: 1_500, output_tokens: 1 },
      { input: 4, cacheWrite: 1_500, output: 1 },
    ],
    [
      'a write of a third age',
      {
        input_tokens: 4,
        cache_creation_input_tokens: 900,
        cache_creation: { ephemeral_5m_input_tokens: 500 },
        output_tokens: 1,
      },
      { input: 4, cacheWrite5m: 500, cacheWrite: 400, output: 1 },
    ],
    [
      'thinking within the output',
      { input_tokens: 9, output_tokens: 400, output_tokens_details: { thinking_tokens: 150 } },
      { input: 9, output: 250, reasoning: 150 },
    ],
    [
      'more thinking than output',
      { input_tokens: 9, output_tokens: 4, output_tokens_details: { thinking_tokens: 150 } },
      { input: 9, reasoning: 4 },
    ],
    [
      'searches, of which fetches are none',
      { input_tokens: 9, output_tokens: 4, server_tool_use: { web_search_requests: 3, web_fetch_requests: 2 } },
      { input: 9, output: 4, webSearches: 3 },
    ],
    [
      'how it was served',
      { input_tokens: 9, output_tokens: 4, service_tier: 'batch', inference_geo: 'us', speed: 'fast' },
      { input: 9, output: 4, tier: 'batch' as const, traits: ['inference_geo=us', 'speed=fast'] },
    ],
    [
      'that it was served as usual',
      {
        input_tokens: 9,
        output_tokens: 4,
        service_tier: 'standard',
        inference_geo: 'not_available',
        speed: 'standard',
      },
      { input: 9, output: 4 },
    ],
  ])('%s', (_, report, expected) => {
    expect(usageOf(report)).toEqual({ ...noUsage(), ...expected });
  });

  it.each([[null], [undefined], ['many'], [{}], [{ input_tokens: '5' }], [{ input_tokens: -1 }]])(
    'finds none in %j',
    (report) => expect(usageOf(report)).toBeNull(),
  );
});

describe('the usage of a stream', () => {
  const start = (usage: object) => ({ type: 'message_start', message: { usage } });
  const delta = (usage: object) => ({ type: 'message_delta', delta: {}, usage });
  const after = (...events: readonly object[]): Usage | null =>
    events.reduce<Usage | null>((earlier, event) => chunkUsageOf(event, earlier).usage ?? earlier, null);

  const begun = {
    input_tokens: 4,
    cache_creation_input_tokens: 1_500,
    cache_read_input_tokens: 2_000,
    cache_creation: { ephemeral_5m_input_tokens: 500, ephemeral_1h_input_tokens: 1_000 },
    output_tokens: 1,
    service_tier: 'batch',
    inference_geo: 'us',
  };
  const read = { input: 4, cacheRead: 2_000, cacheWrite5m: 500, cacheWrite1h: 1_000 };
  const served = { tier: 'batch', traits: ['inference_geo=us'] };

  it.each([
    ['the end tells the output alone', { output_tokens: 88 }, {}],
    [
      'the end repeats the sums, without the split',
      { input_tokens: 4, cache_creation_input_tokens: 1_500, cache_read_input_tokens: 2_000, output_tokens: 88 },
      {},
    ],
    ['the end tells of more written', { cache_creation_input_tokens: 1_600, output_tokens: 88 }, { cacheWrite: 100 }],
    [
      'the end tells of less written, so that the split cannot be right',
      { cache_creation_input_tokens: 700, output_tokens: 88 },
      { cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite: 700 },
    ],
    ['the end tells of more read', { input_tokens: 40, output_tokens: 88 }, { input: 40 }],
    [
      'the end tells of searches and thinking',
      {
        output_tokens: 88,
        server_tool_use: { web_search_requests: 2 },
        output_tokens_details: { thinking_tokens: 80 },
      },
      { output: 8, reasoning: 80, webSearches: 2 },
    ],
  ])('%s', (_, end, differs) => {
    expect(after(start(begun), delta(end))).toEqual({ ...noUsage(), ...read, ...served, output: 88, ...differs });
  });

  it('never adds what is told again', () => {
    expect(after(start(begun), delta({ output_tokens: 40 }), delta({ output_tokens: 88 }))).toMatchObject({
      output: 88,
    });
  });

  it('is not in the events between', () => {
    expect(chunkUsageOf({ type: 'content_block_delta', delta: { text: 'x' } }, null).usage).toBeNull();
  });
});
