import { z } from 'zod';
import { tierTerms } from './compile.pure.js';
import { usdEachOf, usdPerMillionOf } from './decimal.pure.js';
import { rateNames } from './rate-names.js';
import type { GivenRates, PriceTerms, TariffTerms } from './terms.js';
import { tokenBuckets } from './usage.js';

const decimal = z.string();
const maybe = decimal.optional();

const rateFields = {
  input: decimal,
  output: decimal,
  cache_read: maybe,
  audio_cache_read: maybe,
  cache_write_5m: maybe,
  cache_write_1h: maybe,
  cache_write: maybe,
  reasoning: maybe,
  audio_input: maybe,
  audio_output: maybe,
  image_input: maybe,
  image_output: maybe,
};

const rates = z.object(rateFields);
const above = z.object({ prompt_tokens: z.number(), usd_per_million: rates });
const tier = z.object({ ...rateFields, above: above.optional() });

/** What replies say of a price; a request that says the same sets the same price. */
export const shownTermsFields = {
  usd_per_million: rates,
  tiers: z.object({ flex: tier.optional(), priority: tier.optional(), batch: tier.optional() }).optional(),
  above: above.optional(),
  usd_each: z.object({ web_search: decimal }).optional(),
  multipliers: z.record(z.string(), decimal).optional(),
  context_tokens: z.number().optional(),
  max_output_tokens: z.number().optional(),
};

const shownTerms = z.object(shownTermsFields);
export type ShownTerms = z.output<typeof shownTerms>;

function shownRates(given: GivenRates): z.output<typeof rates> {
  const shown: Partial<z.output<typeof rates>> = {};
  for (const bucket of tokenBuckets) {
    const rate = given[bucket];
    if (rate !== undefined) shown[rateNames[bucket]] = usdPerMillionOf(rate);
  }
  return { ...shown, input: usdPerMillionOf(given.input), output: usdPerMillionOf(given.output) };
}

const shownAbove = ({ above: long }: TariffTerms): { above?: z.output<typeof above> } =>
  long === null ? {} : { above: { prompt_tokens: long.promptTokens, usd_per_million: shownRates(long.rates) } };

const shownTariff = (tariff: TariffTerms): z.output<typeof tier> => ({
  ...shownRates(tariff.rates),
  ...shownAbove(tariff),
});

/** What is not told is left out. */
export function showTerms(terms: PriceTerms): ShownTerms {
  const tiers = tierTerms(terms).map(([name, tariff]) => [name, shownTariff(tariff)] as const);
  return {
    usd_per_million: shownRates(terms.standard.rates),
    ...(tiers.length > 0 && { tiers: Object.fromEntries(tiers) }),
    ...shownAbove(terms.standard),
    ...(terms.webSearch !== null && { usd_each: { web_search: usdEachOf(terms.webSearch) } }),
    ...(Object.keys(terms.multipliers).length > 0 && { multipliers: terms.multipliers }),
    ...(terms.contextTokens !== null && { context_tokens: terms.contextTokens }),
    ...(terms.maxOutputTokens !== null && { max_output_tokens: terms.maxOutputTokens }),
  };
}
