import type { Allowance, Allowances } from '../../limits/rate-limits.js';

/** `anthropic-ratelimit-*`, as Anthropic's clients read them. */
export const limitHeaders = ({ requests, tokens }: Allowances): readonly string[] => [
  ...(requests === null ? [] : headersOf('requests', requests)),
  ...(tokens === null ? [] : headersOf('tokens', tokens)),
];

const headersOf = (name: string, { limit, remaining, resetMs }: Allowance): readonly string[] => [
  `anthropic-ratelimit-${name}-limit`,
  String(limit),
  `anthropic-ratelimit-${name}-remaining`,
  String(remaining),
  `anthropic-ratelimit-${name}-reset`,
  new Date(Date.now() + resetMs).toISOString(),
];
