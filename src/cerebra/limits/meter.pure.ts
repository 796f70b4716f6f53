import type { Instant } from '../../platform/time.js';
import type { Allowance, Allowances, RateClaim, RateLimits, Shortage } from './rate-limits.js';

const MINUTE_MS = 60_000;
/** When a call that is running will end, nobody knows. */
const PARALLEL_RETRY_MS = 1_000;

/**
 * The token buckets of one key, by what was taken and has not flowed back yet: so a limit that changes keeps its
 * meaning, and a key that has been idle for a minute is nothing to remember.
 */
export interface Meter {
  readonly requests: number;
  readonly tokens: number;
  readonly parallel: number;
  readonly at: Instant;
}

/** The meter at a later time: what flows back in a minute is the limit. */
export function drained(meter: Meter, { rpm, tpm }: RateLimits, now: Instant): Meter {
  const minutes = Math.max(now - meter.at, 0) / MINUTE_MS;
  return {
    requests: Math.max(meter.requests - minutes * (rpm ?? 0), 0),
    tokens: Math.max(meter.tokens - minutes * (tpm ?? 0), 0),
    parallel: meter.parallel,
    at: now,
  };
}

/** @returns null where the call fits into every limit. @param meter drained until now */
export function shortageOf(meter: Meter, { limits, tokens }: RateClaim): Shortage | null {
  const { rpm, tpm, parallel } = limits;
  const allowances = allowancesOf(meter, limits);
  if (parallel !== null && meter.parallel >= parallel) {
    return { by: 'parallel', limit: parallel, retryAfterMs: PARALLEL_RETRY_MS, allowances };
  }
  if (rpm !== null && meter.requests + 1 > rpm) {
    return { by: 'requests', limit: rpm, retryAfterMs: untilBack(meter.requests + 1 - rpm, rpm), allowances };
  }
  if (tpm !== null && meter.tokens + tokens > tpm) {
    const retryAfterMs = tokens > tpm ? null : untilBack(meter.tokens + tokens - tpm, tpm);
    return { by: 'tokens', limit: tpm, retryAfterMs, allowances };
  }
  return null;
}

/** The meter once the call is admitted. */
export const taken = (meter: Meter, { limits, tokens }: RateClaim): Meter => ({
  requests: meter.requests + (limits.rpm === null ? 0 : 1),
  tokens: meter.tokens + (limits.tpm === null ? 0 : tokens),
  parallel: meter.parallel + 1,
  at: meter.at,
});

/**
 * The meter once the call has ended.
 * @param used tokens in the end; null: the call was never made, so it gives back all that it took
 */
export const released = (meter: Meter, { limits, tokens }: RateClaim, used: number | null): Meter => ({
  requests: Math.max(meter.requests - (limits.rpm !== null && used === null ? 1 : 0), 0),
  tokens: limits.tpm === null ? meter.tokens : Math.max(meter.tokens + (used ?? 0) - tokens, 0),
  parallel: Math.max(meter.parallel - 1, 0),
  at: meter.at,
});

/** What a client is told. */
export const allowancesOf = ({ requests, tokens }: Meter, { rpm, tpm }: RateLimits): Allowances => ({
  requests: rpm === null ? null : allowanceOf(requests, rpm),
  tokens: tpm === null ? null : allowanceOf(tokens, tpm),
});

const allowanceOf = (gone: number, limit: number): Allowance => ({
  limit,
  remaining: Math.max(Math.floor(limit - gone), 0),
  resetMs: untilBack(gone, limit),
});

const untilBack = (amount: number, perMinute: number): number => Math.ceil((amount / perMinute) * MINUTE_MS);
