import { describe, expect, it } from '@jest/globals';
import { factorOf, perTokenOf, picoEachOf, usdEachOf, usdPerMillionOf } from './decimal.pure.js';

describe('dollars as text', () => {
  it.each([
    ['2.5', 2_500_000n],
    ['0.0028', 2_800n],
    ['0.000001', 1n],
    ['150', 150_000_000n],
    ['0', 0n],
    ['999999999999', 999_999_999_999_000_000n],
  ])('%s for a million tokens is exact in pico-USD per token, and comes back', (text, pico) => {
    expect(perTokenOf(text)).toBe(pico);
    expect(usdPerMillionOf(pico)).toBe(text);
  });

  it('for one search is exact in pico-USD, and comes back', () => {
    expect([picoEachOf('0.01'), usdEachOf(10_000_000_000n)]).toEqual([10_000_000_000n, '0.01']);
  });

  it('may have more zeros than it needs', () => expect(perTokenOf('2.50000000')).toBe(2_500_000n));

  it.each(['', '.5', '5.', '-1', '+1', '1e3', '1,5', 'NaN', '0x10', '0.0000001', '1234567890123'])(
    'is none: %j',
    (text) => expect(perTokenOf(text)).toBeNull(),
  );

  it('is a fraction where it multiplies', () => {
    expect([factorOf('1.1'), factorOf('6'), factorOf('0.50')]).toEqual([
      { times: 11n, over: 10n },
      { times: 6n, over: 1n },
      { times: 50n, over: 100n },
    ]);
  });
});
