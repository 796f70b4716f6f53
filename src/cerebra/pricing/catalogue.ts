import {
  findProvider,
  type ConditionalPrice,
  type ModelInfo,
  type ModelPrice as CataloguePrice,
} from '@pydantic/genai-prices';
import { createHash } from 'node:crypto';
import { instant, type Instant } from '../../platform/time.js';
import { compile } from './compile.pure.js';
import { exactNames, nameTest } from './name-match.pure.js';
import { LARGEST_CONTEXT, maxOutputTokens } from './output-limits.pure.js';
import type { DatedPrice, PricedModel } from './price-table.js';
import { withExtras } from './published-extras.pure.js';
import type { GivenRates, PriceTerms } from './terms.js';
import { tokenBuckets, type TokenBucket } from './usage.js';

/** The catalogue's names of the providers whose prices are taken from it. */
const CATALOGUE_IDS = { openai: 'openai', anthropic: 'anthropic', gemini: 'google' } as const;

const RATE_NAMES: Readonly<Record<TokenBucket, string>> = {
  input: 'input_mtok',
  cacheRead: 'cache_read_mtok',
  audioCacheRead: 'cache_audio_read_mtok',
  cacheWrite5m: 'cache_write_5m_mtok',
  cacheWrite1h: 'cache_write_1h_mtok',
  cacheWrite: 'cache_write_mtok',
  audioInput: 'input_audio_mtok',
  imageInput: 'input_image_mtok',
  output: 'output_mtok',
  reasoning: 'output_reasoning_mtok',
  audioOutput: 'output_audio_mtok',
  imageOutput: 'output_image_mtok',
};

/** USD for a thousand. */
const SEARCHES = 'web_searches_kcount';

/** USD per million tokens → pico-USD per token; the catalogue has at most six decimals, so this is exact. */
const picoPerToken = (usdPerMillion: number): bigint => BigInt(Math.round(usdPerMillion * 1e6));

/** What a price is for a prompt of so many tokens. */
function priceAt(prices: CataloguePrice, name: string, promptTokens: number): number | undefined {
  const price = prices[name];
  if (price === undefined || typeof price === 'number') return price;
  return price.tiers.findLast(({ start }) => promptTokens > start)?.price ?? price.base;
}

/** @returns null for a model that is not billed by the token */
function ratesAt(prices: CataloguePrice, promptTokens: number): GivenRates | null {
  const input = priceAt(prices, RATE_NAMES.input, promptTokens);
  if (input === undefined) return null;
  const rates: Partial<Record<TokenBucket, bigint>> = {};
  for (const bucket of tokenBuckets) {
    const price = priceAt(prices, RATE_NAMES[bucket], promptTokens);
    if (price !== undefined) rates[bucket] = picoPerToken(price);
  }
  // An embedding writes nothing.
  return { output: 0n, ...rates, input: picoPerToken(input) };
}

/** The prompt size from which on a call costs something else. No price in the catalogue has more than one. */
const stepOf = (prices: CataloguePrice): number | undefined =>
  Object.values(prices).flatMap((price) => (typeof price === 'object' ? price.tiers : []))[0]?.start;

function termsOf(prices: CataloguePrice, contextTokens: number | null): PriceTerms | null {
  const rates = ratesAt(prices, 0);
  if (rates === null) return null;
  const step = stepOf(prices);
  const long = step === undefined ? null : ratesAt(prices, step + 1);
  const searches = priceAt(prices, SEARCHES, 0);
  return {
    standard: { rates, above: step === undefined || long === null ? null : { promptTokens: step, rates: long } },
    tiers: {},
    webSearch: searches === undefined ? null : BigInt(Math.round(searches * 1e9)),
    multipliers: {},
    contextTokens,
    maxOutputTokens: null,
  };
}

/** When a price begins to hold; null where it holds at certain hours only, which the table cannot say. */
function validFrom({ constraint }: ConditionalPrice): Instant | null {
  if (constraint === undefined) return instant(0);
  return constraint.type === 'start_date' ? instant(Date.parse(constraint.start_date)) : null;
}

interface DatedTerms {
  readonly from: Instant;
  readonly terms: PriceTerms;
}

function datedTerms(provider: string, model: ModelInfo): DatedTerms[] {
  const conditional = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  return conditional.flatMap((entry) => {
    const from = validFrom(entry);
    const terms = termsOf(entry.prices, model.context_window ?? null);
    return from === null || terms === null ? [] : { from, terms: withExtras(provider, model.id, terms) };
  });
}

/** Names exactly these prices: two installations with the same version price alike. */
function versionOf(prices: object): string {
  const text = JSON.stringify(prices, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
  return `genai-prices-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}

/** The models of one provider in the catalogue that are billed by the token. */
export function catalogueModels(provider: keyof typeof CATALOGUE_IDS): PricedModel[] {
  const models = findProvider({ providerId: CATALOGUE_IDS[provider] })?.models ?? [];
  const priced = models.map((model) => ({ model, prices: datedTerms(provider, model) }));
  const version = versionOf(priced.map(({ model, prices }) => ({ id: model.id, match: model.match, prices })));
  return priced.map(({ model, prices }) => {
    const contextTokens = model.context_window ?? LARGEST_CONTEXT;
    const limits = { contextTokens, maxOutputTokens: maxOutputTokens(model.id, contextTokens) };
    return {
      provider,
      model: model.id,
      names: exactNames(model.match),
      matches: nameTest(model.match),
      prices: prices.map((dated): DatedPrice => ({ ...dated, price: compile(dated.terms, limits, version) })),
    };
  });
}

/** All that the catalogue prices. */
export const catalogue = (): PricedModel[] => [
  ...catalogueModels('openai'),
  ...catalogueModels('anthropic'),
  ...catalogueModels('gemini'),
];
