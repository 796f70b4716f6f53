/** Kinds of tokens of the prompt side that have prices of their own. */
export const promptBuckets = [
  /** What is in none of the others. */
  'input',
  'cacheRead',
  'audioCacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  /** Written for another time, or for one that was not told. */
  'cacheWrite',
  'audioInput',
  'imageInput',
] as const;

/** Kinds of tokens of the output side. */
export const outputBuckets = [
  /** What is in none of the others. */
  'output',
  'reasoning',
  'audioOutput',
  'imageOutput',
] as const;

/**
 * Disjoint: no token is in two of them, so a cost is a plain sum. Providers disagree on what includes what; each
 * provider's `usage.pure.ts` takes its own apart.
 */
export const tokenBuckets = [...promptBuckets, ...outputBuckets] as const;

export type TokenBucket = (typeof tokenBuckets)[number];
export type TokenCounts = Record<TokenBucket, number>;

/** How a call was served: providers sell the same model slower for less and faster for more. */
export const tiers = ['standard', 'flex', 'priority', 'batch'] as const;
export type Tier = (typeof tiers)[number];

/** What a call used, and what of the way in which it was served decides its price. */
export interface Usage extends TokenCounts {
  webSearches: number;
  /** As the reply tells it, whatever was asked. */
  tier: Tier;
  /** What else the reply tells that may change the price, such as `inference_geo=us`. */
  traits: readonly string[];
}

export const NO_TRAITS: readonly string[] = Object.freeze([]);

export const noTokens = (): TokenCounts => ({
  input: 0,
  cacheRead: 0,
  audioCacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheWrite: 0,
  audioInput: 0,
  imageInput: 0,
  output: 0,
  reasoning: 0,
  audioOutput: 0,
  imageOutput: 0,
});

export const noUsage = (): Usage => ({ ...noTokens(), webSearches: 0, tier: 'standard', traits: NO_TRAITS });

/** All sides and kinds together. */
export const totalTokens = (usage: TokenCounts): number =>
  tokenBuckets.reduce((total, bucket) => total + usage[bucket], 0);
