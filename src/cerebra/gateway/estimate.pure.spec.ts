import { describe, expect, it } from '@jest/globals';
import { noUsage } from '../pricing/usage.js';
import { atLeastSeen, estimateUsage, isCredible, type Seen } from './estimate.pure.js';

const guess = (reply: Seen['reply']) => estimateUsage({ input: 100, reply, outputBound: 1_000 });

describe('the guess at a call that told no usage', () => {
  it('goes by what was seen of a stream: a token for each event, more for larger ones', () => {
    expect(guess({ events: 10, bytes: 2_500 })).toMatchObject({ input: 100, output: 10 });
    expect(guess({ events: 10, bytes: 3_400 })).toMatchObject({ input: 100, output: 110 });
  });

  it('takes a quarter of the bytes of a whole reply', () => {
    expect(guess({ events: 0, bytes: 401 })).toMatchObject({ input: 100, output: 101 });
  });

  it('takes the most that can be billed where nothing could be seen', () => {
    expect(guess(null)).toMatchObject({ input: 100, output: 1_000 });
  });

  it('never takes more than can be billed', () => {
    expect(guess({ events: 5_000, bytes: 5e6 })).toMatchObject({ output: 1_000 });
  });
});

describe('what was told when more was to come', () => {
  const told = { ...noUsage(), input: 50, cacheRead: 7, output: 3, reasoning: 20 };
  const raised = (reply: Seen['reply']) => atLeastSeen(told, { input: 100, reply, outputBound: 1_000 });

  it('stands where no more was seen', () => {
    expect(raised({ events: 23, bytes: 100 })).toEqual(told);
  });

  it('is raised to what was seen, on the side of the output alone', () => {
    expect(raised({ events: 40, bytes: 100 })).toEqual({ ...told, output: 20 });
  });

  it('is raised to the most that can be billed where nothing was seen', () => {
    expect(raised(null)).toEqual({ ...told, output: 980 });
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
