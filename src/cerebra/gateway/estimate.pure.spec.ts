import { describe, expect, it } from '@jest/globals';
import { noUsage } from '../pricing/usage.js';
import { estimateUsage, isCredible, type Seen } from './estimate.pure.js';

const guess = (reply: Seen['reply'], streamed: boolean) =>
  estimateUsage({ requestBytes: 400, reply, outputBound: 1_000 }, streamed);

describe('the guess at a call that told no usage', () => {
  it('goes by what was seen of a stream: a token for each event, more for larger ones', () => {
    expect(guess({ events: 10, bytes: 2_500 }, true)).toMatchObject({ input: 100, output: 10 });
    expect(guess({ events: 10, bytes: 3_400 }, true)).toMatchObject({ input: 100, output: 110 });
  });

  it('takes a quarter of the bytes of a whole reply', () => {
    expect(guess({ events: 0, bytes: 401 }, false)).toMatchObject({ input: 100, output: 101 });
  });

  it.each([
    ['a reply that broke off before its end', null, false],
    ['an empty reply', { events: 0, bytes: 0 }, false],
    ['a stream that broke off before its first event', { events: 0, bytes: 0 }, true],
    ['a stream of which only the first event came, which has no content', { events: 1, bytes: 280 }, true],
    ['a compressed stream', { events: 0, bytes: 90 }, true],
  ])('takes the most that can be billed where nothing could be seen: %s', (_, reply, streamed) => {
    expect(guess(reply, streamed)).toMatchObject({ input: 100, output: 1_000 });
  });

  it('never takes more than can be billed', () => {
    expect(guess({ events: 5_000, bytes: 5e6 }, true)).toMatchObject({ output: 1_000 });
  });
});

it.each([
  [{ output: 100_000_000 }, true],
  [{ output: 100_000_001 }, false],
  [{ cacheRead: Number.MAX_SAFE_INTEGER }, false],
  [{ webSearches: 1e12 }, false],
  [{ input: 1.5 }, false],
  [{ input: -1 }, false],
  [{ input: Number.NaN }, false],
])('a report of %j can be true: %s', (told, expected) => {
  expect(isCredible({ ...noUsage(), ...told })).toBe(expected);
});
