import type { Tier, TokenBucket } from './usage.js';

/** Pico-USD per token, one for each disjoint bucket. */
export type Rates = Readonly<Record<TokenBucket, bigint>>;

/** Other rates for the whole call, once its prompt has more than so many tokens. */
export interface LongPrompt {
  readonly over: number;
  readonly rates: Rates;
}

/** What tokens cost in one tier. */
export interface Tariff {
  readonly rates: Rates;
  readonly longPrompt: LongPrompt | null;
}

/** A factor on what the tokens cost, as a fraction, so that it is exact. */
export interface Factor {
  readonly times: bigint;
  readonly over: bigint;
}

/** What a model costs, compiled to integers before the first call. */
export interface ModelPrice {
  readonly standard: Tariff;
  /** Those whose price is known, the standard one among them. */
  readonly tiers: Readonly<Partial<Record<Tier, Tariff>>>;
  /** Pico-USD for each search; null: not known. */
  readonly webSearch: bigint | null;
  /** By trait, such as `inference_geo=us`. */
  readonly multipliers: ReadonlyMap<string, Factor>;
  /** Prompt and reply together never have more tokens. */
  readonly contextTokens: number;
  /** The most that the model writes in one choice when the client sets no limit. */
  readonly maxOutputTokens: number;
  /** Written into each row of the ledger that this price made. */
  readonly version: string;
}

/** The rates of a tier for a call whose prompt has so many tokens. */
export const ratesFor = ({ rates, longPrompt }: Tariff, promptTokens: number): Rates =>
  longPrompt !== null && promptTokens > longPrompt.over ? longPrompt.rates : rates;
