import { factorOf } from './decimal.pure.js';
import type { ModelPrice, Rates, Tariff } from './rates.js';
import type { GivenRates, OtherTier, PriceTerms, TariffTerms } from './terms.js';
import { tokenBuckets, type Tier } from './usage.js';

/** How much a model reads and writes at most. */
export interface TokenLimits {
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
}

/**
 * Makes of a price list's terms what the hot path looks up.
 * @param limits for what the terms do not tell
 */
export function compile(terms: PriceTerms, limits: TokenLimits, version: string): ModelPrice {
  const standard = tariffOf(terms.standard);
  const tiers: Partial<Record<Tier, Tariff>> = { standard };
  for (const [tier, tariff] of tierTerms(terms)) tiers[tier] = withLongPrompt(tariffOf(tariff), standard);
  const multipliers = Object.entries(terms.multipliers).map(([trait, decimal]) => [trait, factorOf(decimal)] as const);
  const contextTokens = terms.contextTokens ?? limits.contextTokens;
  return {
    standard,
    tiers,
    webSearch: terms.webSearch,
    multipliers: new Map(multipliers),
    contextTokens,
    maxOutputTokens: Math.min(terms.maxOutputTokens ?? limits.maxOutputTokens, contextTokens),
    version,
  };
}

/** In a fixed order. */
export function tierTerms({ tiers: { flex, priority, batch } }: PriceTerms): (readonly [OtherTier, TariffTerms])[] {
  const all = [['flex', flex] as const, ['priority', priority] as const, ['batch', batch] as const];
  return all.flatMap(([tier, terms]) => (terms === undefined ? [] : [[tier, terms] as const]));
}

const tariffOf = ({ rates, above }: TariffTerms): Tariff => ({
  rates: ratesOf(rates),
  longPrompt: above === null ? null : { over: above.promptTokens, rates: ratesOf(above.rates) },
});

/**
 * A tier that does not say what a long prompt costs, where the standard one does, costs the dearer of its own rates and
 * those of a long prompt: a budget must not be told too little.
 */
function withLongPrompt(tier: Tariff, standard: Tariff): Tariff {
  if (tier.longPrompt !== null || standard.longPrompt === null) return tier;
  const { over, rates } = standard.longPrompt;
  return { ...tier, longPrompt: { over, rates: dearest(tier.rates, rates) } };
}

/** For each bucket the larger of two rates. */
export function dearest(one: Rates, other: Rates): Rates {
  const rates = { ...one };
  for (const bucket of tokenBuckets) if (other[bucket] > rates[bucket]) rates[bucket] = other[bucket];
  return rates;
}

function ratesOf(given: GivenRates): Rates {
  const { input, output } = given;
  const cacheRead = given.cacheRead ?? input;
  const audioInput = given.audioInput ?? input;
  // Where no age is told it is the provider's default, and that is the shorter one.
  const cacheWrite = given.cacheWrite ?? given.cacheWrite5m ?? given.cacheWrite1h ?? input;
  return {
    input,
    cacheRead,
    audioCacheRead: given.audioCacheRead ?? given.cacheRead ?? audioInput,
    cacheWrite5m: given.cacheWrite5m ?? given.cacheWrite ?? input,
    cacheWrite1h: given.cacheWrite1h ?? cacheWrite,
    cacheWrite,
    audioInput,
    imageInput: given.imageInput ?? input,
    output,
    reasoning: given.reasoning ?? output,
    audioOutput: given.audioOutput ?? output,
    imageOutput: given.imageOutput ?? output,
  };
}
