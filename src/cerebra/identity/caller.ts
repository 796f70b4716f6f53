import type { RateLimits } from '../limits/rate-limits.js';

/** Whom a virtual key speaks for. One object per key, made when the key is loaded, shared by its calls. */
export interface Caller {
  readonly keyId: string;
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
  /** Null: never expires. */
  readonly expiresAt: number | null;
}
