import { describe, expect, it } from '@jest/globals';
import { instant } from '../../platform/time.js';
import { allowancesOf, drained, released, shortageOf, taken, type Meter } from './meter.pure.js';
import type { RateClaim, RateLimits } from './rate-limits.js';

const limits: RateLimits = { rpm: 60, tpm: 6_000, parallel: 3 };
const claim = (tokens: number, own: Partial<RateLimits> = {}): RateClaim => ({
  keyId: 'k',
  limits: { ...limits, ...own },
  tokens,
});
const meter = (fields: Partial<Meter> = {}): Meter => ({
  requests: 0,
  tokens: 0,
  parallel: 0,
  at: instant(0),
  ...fields,
});

describe('a meter', () => {
  it.each([
    [0, { requests: 60, tokens: 6_000 }],
    [1_000, { requests: 59, tokens: 5_900 }],
    [30_000, { requests: 30, tokens: 3_000 }],
    [60_000, { requests: 0, tokens: 0 }],
    [600_000, { requests: 0, tokens: 0 }],
    // A clock that was set back takes nothing away.
    [-5_000, { requests: 60, tokens: 6_000 }],
  ])('lets a minute flow back in a minute: after %i ms', (elapsed, left) => {
    expect(drained(meter({ requests: 60, tokens: 6_000, parallel: 2 }), limits, instant(elapsed))).toMatchObject({
      ...left,
      parallel: 2,
    });
  });

  it.each([
    [meter(), claim(6_000), null],
    [meter({ requests: 59 }), claim(0), null],
    [meter({ requests: 59.5 }), claim(0), { by: 'requests', limit: 60, retryAfterMs: 500 }],
    [meter({ tokens: 5_000 }), claim(1_500), { by: 'tokens', limit: 6_000, retryAfterMs: 5_000 }],
    [meter(), claim(6_001), { by: 'tokens', limit: 6_000, retryAfterMs: null }],
    [meter({ parallel: 3 }), claim(0), { by: 'parallel', limit: 3, retryAfterMs: 1_000 }],
    [meter({ parallel: 3, requests: 99, tokens: 9e9 }), claim(1, { rpm: null, tpm: null, parallel: null }), null],
  ])('says what is short: %j for %j', (state, asked, shortage) => {
    const found = shortageOf(state, asked);
    if (shortage === null) expect(found).toBeNull();
    else expect(found).toMatchObject(shortage);
  });

  it('is as it was when a call that was never made gives back what it took', () => {
    const before = meter({ requests: 5, tokens: 100, parallel: 1 });
    expect(released(taken(before, claim(70)), claim(70), null)).toEqual(before);
  });

  it.each([
    [20, 120],
    [70, 170],
    [500, 600],
  ])('counts the tokens that were used, %i, instead of those that were held', (used, tokens) => {
    const state = taken(meter({ tokens: 100 }), claim(70));
    expect(released(state, claim(70), used)).toEqual(meter({ requests: 1, tokens, parallel: 0 }));
  });

  it('tells only of the limits that there are, and nothing below 0', () => {
    expect(allowancesOf(meter({ requests: 1.5, tokens: 7_000 }), limits)).toEqual({
      requests: { limit: 60, remaining: 58, resetMs: 1_500 },
      tokens: { limit: 6_000, remaining: 0, resetMs: 70_000 },
    });
    expect(allowancesOf(meter(), { rpm: null, tpm: null, parallel: 1 })).toEqual({ requests: null, tokens: null });
  });
});
