/** How much a key may ask for. Null: as much as it likes. */
export interface RateLimits {
  /** Calls a minute. */
  readonly rpm: number | null;
  /** Tokens a minute, those of the prompt and those of the reply together. */
  readonly tpm: number | null;
  /** Calls at one time. */
  readonly parallel: number | null;
}
