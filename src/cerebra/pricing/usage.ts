/**
 * What a call used, in disjoint buckets: no token is in two of them, so a cost is a plain sum.
 * Providers disagree on what includes what; each provider's `usage.pure.ts` takes its own apart.
 */
export interface Usage {
  /** Prompt tokens that were neither read from nor written to a cache, audio apart. */
  input: number;
  cacheRead: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  /** Without reasoning and audio. */
  output: number;
  reasoning: number;
  audioInput: number;
  audioOutput: number;
}

export const noUsage = (): Usage => ({
  input: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
  audioInput: 0,
  audioOutput: 0,
});
