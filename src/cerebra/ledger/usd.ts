import { picoUsd, toExactUsd } from '../pricing/money.js';

/** An amount as replies show it: the number for display, and the exact decimal with twelve places. */
export interface Usd {
  readonly value: number;
  readonly exact: string;
}

/** @param pico a sum of pico-USD as PostgreSQL gives it, which may be beyond a double */
export function usdOf(pico: string): Usd {
  const exact = toExactUsd(picoUsd(BigInt(pico)));
  return { value: Number(exact), exact };
}
