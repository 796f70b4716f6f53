import type { Usage } from './usage.js';

/** Pico-USD per token, one for each disjoint bucket of {@link Usage}. */
export type Rates = Readonly<Record<keyof Usage, bigint>>;

/** Other rates for the whole call, once its prompt has more than so many tokens. */
export interface LongPrompt {
  readonly over: number;
  readonly rates: Rates;
}

/** What a model costs, compiled to integers when the process starts. */
export interface ModelPrice {
  readonly rates: Rates;
  /** In ascending order of `over`. */
  readonly longPrompts: readonly LongPrompt[];
  /** Prompt and reply together never have more tokens. */
  readonly contextTokens: number;
  /** The most that the model writes in one choice when the client sets no limit. */
  readonly maxOutputTokens: number;
}

/** The rates for a call whose prompt has so many tokens. */
export function ratesFor(price: ModelPrice, promptTokens: number): Rates {
  return price.longPrompts.findLast(({ over }) => promptTokens > over)?.rates ?? price.rates;
}
