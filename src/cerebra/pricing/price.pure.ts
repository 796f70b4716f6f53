import { picoUsd, type PicoUsd } from './money.js';
import { ratesFor, type ModelPrice } from './rates.js';
import type { Usage } from './usage.js';

/** Tokens of the prompt side: what decides whether a prompt counts as long. */
export const promptTokens = (usage: Usage): number =>
  usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h + usage.audioInput;

/** What the call cost, exact: the buckets are disjoint, so it is a plain sum. */
export function priceOf(usage: Usage, price: ModelPrice): PicoUsd {
  const rates = ratesFor(price, promptTokens(usage));
  return picoUsd(
    BigInt(usage.input) * rates.input +
      BigInt(usage.cacheRead) * rates.cacheRead +
      BigInt(usage.cacheWrite5m) * rates.cacheWrite5m +
      BigInt(usage.cacheWrite1h) * rates.cacheWrite1h +
      BigInt(usage.output) * rates.output +
      BigInt(usage.reasoning) * rates.reasoning +
      BigInt(usage.audioInput) * rates.audioInput +
      BigInt(usage.audioOutput) * rates.audioOutput,
  );
}
