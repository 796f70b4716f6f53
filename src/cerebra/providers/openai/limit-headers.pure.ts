import type { Allowance, Allowances } from '../../limits/rate-limits.js';

/** `x-ratelimit-*`, as OpenAI's clients read them. */
export const limitHeaders = ({ requests, tokens }: Allowances): readonly string[] => [
  ...(requests === null ? [] : headersOf('requests', requests)),
  ...(tokens === null ? [] : headersOf('tokens', tokens)),
];

const headersOf = (name: string, { limit, remaining, resetMs }: Allowance): readonly string[] => [
  `x-ratelimit-limit-${name}`,
  String(limit),
  `x-ratelimit-remaining-${name}`,
  String(remaining),
  `x-ratelimit-reset-${name}`,
  duration(resetMs),
];

/** As OpenAI writes it: `12ms`, `1.5s`, `6m0s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${milliseconds}ms`;
  const minutes = Math.floor(milliseconds / 60_000);
  const seconds = (milliseconds - minutes * 60_000) / 1_000;
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds}s`;
}
