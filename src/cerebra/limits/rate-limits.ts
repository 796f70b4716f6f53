/** How much a key may ask for. Null: as much as it likes. */
export interface RateLimits {
  /** Calls a minute. */
  readonly rpm: number | null;
  /** Tokens a minute, those of the prompt and those of the reply together. */
  readonly tpm: number | null;
  /** Calls at one time. */
  readonly parallel: number | null;
}

/** What a call takes of its key's limits. */
export interface RateClaim {
  readonly keyId: string;
  readonly limits: RateLimits;
  /** Estimated input and asked output; corrected when the call has ended. */
  readonly tokens: number;
}

export const rateNames = ['requests', 'tokens', 'parallel'] as const;
export type RateName = (typeof rateNames)[number];

/** What a limit has left. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  /** Until all of it is there again, if nothing is taken meanwhile. */
  readonly resetMs: number;
}

/** Null where there is no such limit. */
export interface Allowances {
  readonly requests: Allowance | null;
  readonly tokens: Allowance | null;
}

/** A limit that has not enough left for a call. */
export interface Shortage {
  readonly by: RateName;
  readonly limit: number;
  /** When there will be enough if nothing is taken meanwhile; null: the call is larger than the limit. */
  readonly retryAfterMs: number | null;
  readonly allowances: Allowances;
}
