import type { Tier, TokenBucket } from './usage.js';

/** Pico-USD per token as a price list has them: what it leaves out costs as much as what it is a kind of. */
export type GivenRates = Readonly<Partial<Record<TokenBucket, bigint>>> & {
  readonly input: bigint;
  readonly output: bigint;
};

export interface TariffTerms {
  readonly rates: GivenRates;
  /** Other rates for the whole call, once its prompt has more than so many tokens. */
  readonly above: { readonly promptTokens: number; readonly rates: GivenRates } | null;
}

/** The tiers that may have a price beside the standard one. */
export type OtherTier = Exclude<Tier, 'standard'>;

/** What a model costs, as its price list says it. */
export interface PriceTerms {
  readonly standard: TariffTerms;
  readonly tiers: Readonly<Partial<Record<OtherTier, TariffTerms>>>;
  /** Pico-USD for each search; null: not told. */
  readonly webSearch: bigint | null;
  /** Decimals by trait, such as `inference_geo=us`. */
  readonly multipliers: Readonly<Record<string, string>>;
  /** The most that prompt and reply can have together; null: not told. */
  readonly contextTokens: number | null;
  /** The most that the model writes when no limit is asked; null: not told. */
  readonly maxOutputTokens: number | null;
}
