import {
  findProvider,
  type ConditionalPrice,
  type MatchLogic,
  type ModelInfo,
  type ModelPrice as CataloguePrice,
} from '@pydantic/genai-prices';
import { createHash } from 'node:crypto';
import { instant, type Instant } from '../../platform/time.js';
import { LARGEST_CONTEXT, maxOutputTokens } from './output-limits.pure.js';
import type { DatedPrice, PricedModel } from './price-table.js';
import type { Rates } from './rates.js';
import type { Usage } from './usage.js';

/** The catalogue's names for each bucket; the first one that a model has is its rate. */
const RATE_NAMES: Readonly<Record<keyof Usage, readonly string[]>> = {
  input: ['input_mtok'],
  cacheRead: ['cache_read_mtok', 'input_mtok'],
  cacheWrite5m: ['cache_write_5m_mtok', 'cache_write_mtok', 'input_mtok'],
  cacheWrite1h: ['cache_write_1h_mtok', 'cache_write_mtok', 'input_mtok'],
  output: ['output_mtok'],
  reasoning: ['output_reasoning_mtok', 'output_mtok'],
  audioInput: ['input_audio_mtok', 'input_mtok'],
  audioOutput: ['output_audio_mtok', 'output_mtok'],
};

/** USD per million tokens → pico-USD per token; the catalogue has at most six decimals, so this is exact. */
const picoPerToken = (usdPerMillion: number): bigint => BigInt(Math.round(usdPerMillion * 1e6));

function rate(prices: CataloguePrice, names: readonly string[], promptTokens: number): bigint {
  const value = names.map((name) => prices[name]).find((found) => found !== undefined) ?? 0;
  if (typeof value === 'number') return picoPerToken(value);
  return picoPerToken(value.tiers.findLast(({ start }) => promptTokens > start)?.price ?? value.base);
}

const ratesAt = (prices: CataloguePrice, promptTokens: number): Rates => ({
  input: rate(prices, RATE_NAMES.input, promptTokens),
  cacheRead: rate(prices, RATE_NAMES.cacheRead, promptTokens),
  cacheWrite5m: rate(prices, RATE_NAMES.cacheWrite5m, promptTokens),
  cacheWrite1h: rate(prices, RATE_NAMES.cacheWrite1h, promptTokens),
  output: rate(prices, RATE_NAMES.output, promptTokens),
  reasoning: rate(prices, RATE_NAMES.reasoning, promptTokens),
  audioInput: rate(prices, RATE_NAMES.audioInput, promptTokens),
  audioOutput: rate(prices, RATE_NAMES.audioOutput, promptTokens),
});

/** Prompt sizes from which on anything costs something else, ascending. */
function steps(prices: CataloguePrice): number[] {
  const starts = Object.values(prices).flatMap((value) =>
    typeof value === 'object' ? value.tiers.map(({ start }) => start) : [],
  );
  return [...new Set(starts)].sort((a, b) => a - b);
}

/** When a price begins to hold; null where it holds at certain hours only, which the table cannot say. */
function validFrom({ constraint }: ConditionalPrice): Instant | null {
  if (constraint === undefined) return instant(0);
  return constraint.type === 'start_date' ? instant(Date.parse(constraint.start_date)) : null;
}

function datedPrices(model: ModelInfo): DatedPrice[] {
  const conditional = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  const contextTokens = model.context_window ?? LARGEST_CONTEXT;
  return conditional.flatMap((entry) => {
    const from = validFrom(entry);
    const { prices } = entry;
    if (from === null || prices['input_mtok'] === undefined || prices['output_mtok'] === undefined) return [];
    return {
      from,
      price: {
        rates: ratesAt(prices, 0),
        longPrompts: steps(prices).map((over) => ({ over, rates: ratesAt(prices, over + 1) })),
        contextTokens,
        maxOutputTokens: maxOutputTokens(model.id, contextTokens),
      },
    };
  });
}

type NameTest = (name: string) => boolean;

function nameTest(logic: MatchLogic): NameTest {
  if ('or' in logic) {
    const parts = logic.or.map(nameTest);
    return (name) => parts.some((part) => part(name));
  }
  if ('and' in logic) {
    const parts = logic.and.map(nameTest);
    return (name) => parts.every((part) => part(name));
  }
  if ('equals' in logic) return (name) => name === logic.equals;
  if ('starts_with' in logic) return (name) => name.startsWith(logic.starts_with);
  if ('ends_with' in logic) return (name) => name.endsWith(logic.ends_with);
  if ('contains' in logic) return (name) => name.includes(logic.contains);
  const pattern = new RegExp(logic.regex);
  return (name) => pattern.test(name);
}

function exactNames(logic: MatchLogic): string[] {
  if ('or' in logic) return logic.or.flatMap(exactNames);
  return 'equals' in logic ? [logic.equals] : [];
}

/** The models of one provider in the catalogue that are billed by the token. */
export function catalogueModels(provider: string): PricedModel[] {
  const models = findProvider({ providerId: provider })?.models ?? [];
  return models.map((model) => ({
    provider,
    names: exactNames(model.match),
    matches: nameTest(model.match),
    prices: datedPrices(model),
  }));
}

/** Names exactly these prices: two installations with the same version price alike. */
export function catalogueVersion(provider: string): string {
  const models = JSON.stringify(findProvider({ providerId: provider })?.models ?? []);
  return `genai-prices-${createHash('sha256').update(models).digest('hex').slice(0, 12)}`;
}
