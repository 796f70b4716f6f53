import { describe, expect, it } from '@jest/globals';
import { estimateUsage } from './estimate.pure.js';

const guess = (reply: { events: number; bytes: number } | null) =>
  estimateUsage({ requestBytes: 400, reply, outputBound: 1_000 });

describe('the guess at a call that told no usage', () => {
  it('goes by what was seen of a stream: a token for each event, more for larger ones', () => {
    expect(guess({ events: 0, bytes: 0 })).toMatchObject({ input: 100, output: 0 });
    expect(guess({ events: 10, bytes: 2_500 })).toMatchObject({ input: 100, output: 10 });
    expect(guess({ events: 10, bytes: 3_400 })).toMatchObject({ input: 100, output: 110 });
  });

  it('takes a quarter of the bytes of a whole reply', () => {
    expect(guess({ events: 0, bytes: 401 })).toMatchObject({ input: 100, output: 101 });
  });

  it('takes the most that can be billed where nothing could be seen, and never more', () => {
    expect(guess(null)).toMatchObject({ input: 100, output: 1_000 });
    expect(guess({ events: 5_000, bytes: 5e6 })).toMatchObject({ output: 1_000 });
  });
});
