import { dearest } from './compile.pure.js';
import { picoUsd, toNanoUsd, type NanoUsd } from './money.js';
import type { Factor, ModelPrice, Rates } from './rates.js';
import { outputBuckets, promptBuckets, type Tier, type TokenBucket } from './usage.js';

/** What a request asks for, as far as it decides the dearest that it can become. */
export interface Ask {
  /** Of the whole body: a byte-level tokeniser never makes more tokens than there are UTF-8 bytes. */
  readonly bytes: number;
  /** Images and files are named by a short address but may fill the whole context window. */
  readonly media: boolean;
  /** Tokens of one choice; null: the client set no limit. */
  readonly maxOutput: number | null;
  /** Choices asked for. The prompt is billed once, the output once for each. */
  readonly choices: number;
  /** The dearest tier that the call may be served in; the reply may name a cheaper one. */
  readonly tier: Tier;
  /** The most searches that the provider may make for it. */
  readonly webSearches: number;
}

/** The most output tokens that the call can be billed for, all choices together. */
export const outputBound = (ask: Ask, price: ModelPrice): number =>
  Math.min(ask.maxOutput ?? price.maxOutputTokens, price.contextTokens) * ask.choices;

/** The most prompt tokens that the call can be billed for. */
export const inputBound = ({ media, bytes }: Ask, { contextTokens }: ModelPrice): number =>
  media ? contextTokens : Math.min(bytes, contextTokens);

/** The dearest that a call can become, rounded up: what a budget must be able to pay before it is sent. */
export function boundOf(ask: Ask, price: ModelPrice): NanoUsd {
  const input = inputBound(ask, price);
  const rates = reachableRates(price, ask.tier, input);
  let cost = BigInt(input) * most(rates, promptBuckets) + BigInt(outputBound(ask, price)) * most(rates, outputBuckets);
  for (const { times, over } of dearestFactors(price)) cost = (cost * times + over - 1n) / over;
  return toNanoUsd(picoUsd(cost + BigInt(ask.webSearches) * (price.webSearch ?? 0n)));
}

/** For each bucket the dearest rate at which it may be billed. */
function reachableRates({ standard, tiers }: ModelPrice, asked: Tier, input: number): Rates {
  let rates = standard.rates;
  for (const tariff of [standard, tiers[asked] ?? standard]) {
    rates = dearest(rates, tariff.rates);
    if (tariff.longPrompt !== null && input > tariff.longPrompt.over) rates = dearest(rates, tariff.longPrompt.rates);
  }
  return rates;
}

const most = (rates: Rates, buckets: readonly TokenBucket[]): bigint =>
  buckets.reduce((found, bucket) => (rates[bucket] > found ? rates[bucket] : found), 0n);

/** A reply tells one value of each name, and which one is not known before: of each the dearest, and none below 1. */
function dearestFactors({ multipliers }: ModelPrice): Iterable<Factor> {
  const byName = new Map<string, Factor>();
  for (const [trait, factor] of multipliers) {
    const name = trait.slice(0, trait.indexOf('='));
    const held = byName.get(name) ?? ONE;
    byName.set(name, factor.times * held.over > held.times * factor.over ? factor : held);
  }
  return byName.values();
}

const ONE: Factor = { times: 1n, over: 1n };
