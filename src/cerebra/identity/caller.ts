import type { RateLimits } from '../limits/rate-limits.js';

/** Whom a call is made for. One object per key, or per set of headers that tell it, shared by many calls. */
export interface Caller {
  /** Null: it shows no virtual key, but a key of its own for the provider. */
  readonly keyId: string | null;
  readonly orgId: string | null;
  readonly teamId: string | null;
  readonly agentId: string | null;
  readonly userId: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Model names, `*` matches any run of characters; null allows all. */
  readonly allowedModels: readonly string[] | null;
  readonly limits: RateLimits | null;
  /** A call without a limit of its own is cut to what its budgets can pay, instead of being refused. */
  readonly clampOutput: boolean;
}

/** Its key goes upstream in place of the provider's configured one. */
export const bringsOwnKey = (caller: Caller): boolean => caller.keyId === null;
