import { boundOf, outputBound, type Ask } from '../pricing/bound.pure.js';
import type { NanoUsd } from '../pricing/money.js';
import type { ModelPrice } from '../pricing/rates.js';
import type { Operation } from './operation.js';

/** How a call without a limit of its own can be cut to what its budgets can pay. */
export interface Cutting {
  readonly ask: Ask;
  readonly price: ModelPrice;
  readonly limit: NonNullable<Operation['limit']>;
}

/** A call as it is sent once it is cut. */
export interface CutCall {
  readonly body: Buffer;
  readonly outputBound: number;
  /** Of one choice. */
  readonly maxOutput: number;
}

/** The least that a call can be cut to. */
export const leastOf = ({ ask, price }: Cutting): NanoUsd => boundOf({ ...ask, maxOutput: 1 }, price);

/** @param grant no less than {@link leastOf} */
export function cutTo(body: Buffer, { ask, price, limit }: Cutting, grant: NanoUsd): CutCall {
  const maxOutput = outputWithin(ask, price, grant);
  return { body: limit(body, maxOutput), outputBound: outputBound({ ...ask, maxOutput }, price), maxOutput };
}

/** The most output of one choice that the grant pays for; found by halving, whatever makes the price. */
function outputWithin(ask: Ask, price: ModelPrice, grant: NanoUsd): number {
  let fits = 1;
  let tooMuch = price.maxOutputTokens + 1;
  while (tooMuch - fits > 1) {
    const middle = Math.floor((fits + tooMuch) / 2);
    if (boundOf({ ...ask, maxOutput: middle }, price) <= grant) fits = middle;
    else tooMuch = middle;
  }
  return fits;
}
