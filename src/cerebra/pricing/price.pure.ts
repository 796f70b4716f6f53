import { picoUsd, type PicoUsd } from './money.js';
import { ratesFor, type ModelPrice } from './rates.js';
import { tokenBuckets, type Usage } from './usage.js';

/** Tokens of the prompt side: what decides whether a prompt counts as long. */
export const promptTokens = (usage: Usage): number =>
  usage.input +
  usage.cacheRead +
  usage.audioCacheRead +
  usage.cacheWrite5m +
  usage.cacheWrite1h +
  usage.cacheWrite +
  usage.audioInput +
  usage.imageInput;

/** What the call cost, by how the reply says that it was served; a tier without a price costs as the standard one. */
export function priceOf(usage: Usage, price: ModelPrice): PicoUsd {
  const rates = ratesFor(price.tiers[usage.tier] ?? price.standard, promptTokens(usage));
  let tokens = 0n;
  for (const bucket of tokenBuckets) {
    // Most are empty, and arithmetic on bigints is dear.
    if (usage[bucket] !== 0) tokens += BigInt(usage[bucket]) * rates[bucket];
  }
  for (const trait of usage.traits) {
    const factor = price.multipliers.get(trait);
    if (factor !== undefined) tokens = roundedUp(tokens * factor.times, factor.over);
  }
  return picoUsd(usage.webSearches === 0 ? tokens : tokens + BigInt(usage.webSearches) * (price.webSearch ?? 0n));
}

/** Whether the price says all that decides what the call cost. Otherwise {@link priceOf} is only an estimate. */
export const isPriced = (usage: Usage, price: ModelPrice): boolean =>
  price.tiers[usage.tier] !== undefined &&
  usage.traits.every((trait) => price.multipliers.has(trait)) &&
  (usage.webSearches === 0 || price.webSearch !== null);

const roundedUp = (amount: bigint, over: bigint): bigint => (amount + over - 1n) / over;
