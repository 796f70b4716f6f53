/** The largest window of any model in the catalogue: holds where a model's own is not known. */
export const LARGEST_CONTEXT = 1_050_000;

// The catalogue has no output limits. These are the providers' published ones, first match first;
// a model that is not here may fill its context window.
const limits: readonly (readonly [pattern: RegExp, tokens: number])[] = [
  [/^gpt-[56](?:\.\d+)?-pro/, 272_000],
  [/^gpt-[56]/, 128_000],
  [/^o1-preview/, 32_768],
  [/^o1-mini/, 65_536],
  [/^o[134]/, 100_000],
  [/^gpt-4\.1/, 32_768],
  [/^gpt-4o-2024-05-13/, 4_096],
  [/^(?:gpt-4o|chatgpt-4o|gpt-audio)/, 16_384],
  [/^gemini-(?:2\.5|3)/, 65_536],
  [/^gemini-(?:1\.5|2\.0)/, 8_192],
  [/^(?:gpt-4-turbo|gpt-4-vision|gpt-3\.5-turbo(?!-instruct))/, 4_096],
];

/** The most tokens that the model writes in one choice when it is not told a limit. */
export function maxOutputTokens(model: string, contextTokens: number): number {
  const limit = limits.find(([pattern]) => pattern.test(model))?.[1];
  return limit === undefined ? contextTokens : Math.min(limit, contextTokens);
}
