import { z } from 'zod';
import { DECIMAL, perTokenOf, picoEachOf } from './decimal.pure.js';
import { rateNames } from './rate-names.js';
import type { GivenRates, PriceTerms, TariffTerms } from './terms.js';
import { tokenBuckets, type TokenBucket } from './usage.js';

/** Dollars exactly as they are written; as text, since a number might not hold them. */
const usd = (toUnits: (text: string) => bigint | null, form: string) =>
  z
    .union([z.string(), z.number()], { error: form })
    .transform((given, context): bigint => {
      const units = toUnits(String(given).trim());
      if (units !== null) return units;
      context.addIssue({ code: 'custom', message: form });
      return z.NEVER;
    })
    .describe(form);

const perMillion = usd(perTokenOf, 'Expected dollars for a million tokens, a decimal string with up to six decimals.');
const each = usd(picoEachOf, 'Expected dollars for one, a decimal string with up to twelve decimals.');

const rateFields = {
  input: perMillion,
  output: perMillion,
  cache_read: perMillion.optional(),
  audio_cache_read: perMillion.optional(),
  cache_write_5m: perMillion.optional(),
  cache_write_1h: perMillion.optional(),
  cache_write: perMillion.optional(),
  reasoning: perMillion.optional(),
  audio_input: perMillion.optional(),
  audio_output: perMillion.optional(),
  image_input: perMillion.optional(),
  image_output: perMillion.optional(),
};

const rates = z
  .strictObject(rateFields)
  .describe('USD per million tokens. What is left out costs as much as what it is a kind of: reasoning as output.');

const above = z
  .strictObject({ prompt_tokens: z.int().positive(), usd_per_million: rates })
  .describe('Other rates for the whole call, once its prompt has more tokens.');

const tier = z.strictObject({ ...rateFields, above: above.optional() });

const TRAIT = /^[a-z_]{1,50}=[\w.-]{1,50}$/;

const multipliers = z
  .record(z.string(), z.string().regex(DECIMAL, 'Expected a decimal string, such as 1.1.').meta({ example: '1.1' }))
  .superRefine((given, context) => {
    for (const name of Object.keys(given)) {
      if (TRAIT.test(name)) continue;
      context.addIssue({ code: 'custom', path: [name], message: 'Expected name=value, such as inference_geo=us.' });
    }
  })
  .describe('On what the tokens cost, by what the reply says: {"inference_geo=us": "1.1"}.');

/** What a price says, in requests and in `cerebra.prices`. */
export const termsFields = {
  usd_per_million: rates,
  tiers: z
    .strictObject({ flex: tier.optional(), priority: tier.optional(), batch: tier.optional() })
    .optional()
    .describe('By the tier that the reply says was served.'),
  above: above.optional(),
  usd_each: z.strictObject({ web_search: each.optional() }).optional(),
  multipliers: multipliers.optional(),
  context_tokens: z.int().positive().optional().describe('The most that prompt and reply can have together.'),
  max_output_tokens: z.int().positive().optional().describe('The most that it writes when no limit is asked.'),
};

const termsShape = z.strictObject(termsFields);

export type TermsBody = z.output<typeof termsShape>;
type RatesBody = z.output<typeof rates>;

function givenRates(body: RatesBody): GivenRates {
  const given: Partial<Record<TokenBucket, bigint>> = {};
  for (const bucket of tokenBuckets) {
    const rate = body[rateNames[bucket]];
    if (rate !== undefined) given[bucket] = rate;
  }
  return { ...given, input: body.input, output: body.output };
}

const tariff = (given: RatesBody, long: z.output<typeof above> | undefined): TariffTerms => ({
  rates: givenRates(given),
  above: long === undefined ? null : { promptTokens: long.prompt_tokens, rates: givenRates(long.usd_per_million) },
});

/** The terms that a request sets. */
export const toTerms = (body: TermsBody): PriceTerms => ({
  standard: tariff(body.usd_per_million, body.above),
  tiers: Object.fromEntries(
    Object.entries(body.tiers ?? {}).map(([name, { above: long, ...given }]) => [name, tariff(given, long)]),
  ),
  webSearch: body.usd_each?.web_search ?? null,
  multipliers: body.multipliers ?? {},
  contextTokens: body.context_tokens ?? null,
  maxOutputTokens: body.max_output_tokens ?? null,
});

/** @param stored as {@link toTerms} takes it, with decimals as text */
export const readTerms = (stored: object): PriceTerms => toTerms(termsShape.parse(stored));
