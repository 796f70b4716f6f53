import { describe, expect, it } from '@jest/globals';
import { usdAmount } from './usd-amount.js';

describe('dollars in a request', () => {
  it.each([
    [20, 20_000_000_000],
    [0.1, 100_000_000],
    ['0.1', 100_000_000],
    [1e-7, 100],
    ['0.000000001', 1],
    [1_234_567.1, 1_234_567_100_000_000],
    ['9007199.254740991', Number.MAX_SAFE_INTEGER],
    [0, 0],
  ])('%p is exactly %p nano-dollars', (amount, nano) => {
    expect(usdAmount.parse(amount)).toBe(nano);
  });

  it.each([-1, '-1', Number.NaN, Number.POSITIVE_INFINITY, 0.1234567891, '1.0000000001', '1e3', '', '1,000', null, {}])(
    '%p is refused, with the form that is expected',
    (amount) => {
      expect(usdAmount.safeParse(amount).error?.issues[0]?.message).toMatch(/^Expected dollars, as a number/);
    },
  );

  it.each([9_007_200, '9007199.254740992', 1e300])('%p is refused as too large to be counted', (amount) => {
    expect(usdAmount.safeParse(amount).error?.issues[0]?.message).toMatch(/^Expected/);
  });
});
