/** How often, and how long apart, a call is tried. */
export interface RetryPolicy {
  /** The first one included. */
  readonly attempts: number;
  /** Before the second attempt; doubled before each further one (milliseconds). */
  readonly firstDelayMs: number;
  /** Also of what the server asks for (milliseconds). */
  readonly longestDelayMs: number;
}

export const patient: RetryPolicy = { attempts: 6, firstDelayMs: 250, longestDelayMs: 30_000 };

/** Too many requests: nothing was done, so anything may be asked again. */
export const THROTTLED = 429;

const PASSING: ReadonlySet<number> = new Set([THROTTLED, 500, 502, 503, 504]);

/** Whether the same call may well succeed a moment later. */
export const isPassing = (status: number): boolean => PASSING.has(status);

/**
 * @param attempt that failed; 1 is the first
 * @param askedMs what the server asked for, or null
 * @param random 0 to 1: keeps callers that failed together from coming back together
 * @returns milliseconds
 */
export function delayBefore(policy: RetryPolicy, attempt: number, askedMs: number | null, random: number): number {
  const doubled = policy.firstDelayMs * 2 ** (attempt - 1);
  const spread = doubled * (0.5 + random / 2);
  return Math.min(Math.max(spread, askedMs ?? 0), policy.longestDelayMs);
}
