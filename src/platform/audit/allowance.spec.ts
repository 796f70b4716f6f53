import { describe, expect, it } from '@jest/globals';
import { Allowance } from './allowance.js';

describe('Allowance', () => {
  it('is used up, counts what it refused, and is whole again with the next minute', () => {
    let now = 0;
    const allowance = new Allowance(2, () => now);
    expect([allowance.take(), allowance.take(), allowance.take(), allowance.take()]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([allowance.takePassedOver(), allowance.takePassedOver()]).toEqual([2, 0]);
    now = 60_000;
    expect(allowance.take()).toBe(true);
  });
});
