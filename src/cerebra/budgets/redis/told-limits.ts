import {
  rateNames,
  type Allowance,
  type Allowances,
  type RateLimits,
  type Shortage,
} from '../../limits/rate-limits.js';
import type { Reply, ToldAllowances } from './operations.js';

/** What a key has left, as the store told it. */
export const toAllowances = ({ rpm, tpm }: RateLimits, told: ToldAllowances): Allowances => ({
  requests: rpm === null ? null : allowance(rpm, told[0], told[1]),
  tokens: tpm === null ? null : allowance(tpm, told[2], told[3]),
});

/** The limit that has not enough left, as the store told it. */
export function shortageOf(limits: RateLimits, reply: Extract<Reply, { kind: 'limited' }>): Shortage {
  const by = rateNames[reply.by] ?? 'requests';
  return {
    by,
    limit: { requests: limits.rpm, tokens: limits.tpm, parallel: limits.parallel }[by] ?? 0,
    retryAfterMs: reply.retryAfterMs < 0 ? null : reply.retryAfterMs,
    allowances: toAllowances(limits, reply.told),
  };
}

const allowance = (limit: number, remaining: number, resetMs: number): Allowance => ({ limit, remaining, resetMs });
