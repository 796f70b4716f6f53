import { z } from 'zod';
import { usdOf } from '../ledger/usd.js';

/** Sums over usage as PostgreSQL gives them: what is larger than a double comes as text. */
export interface SumsRow {
  readonly requests: string;
  readonly refused_requests: string;
  readonly failed_requests: string;
  readonly cost_pico: string;
  readonly savings_pico: string;
  readonly tokens: string;
  readonly avg_latency_ms: number | null;
}

/** SQL: whether the calls reached a provider. */
export const REACHED = `outcome <> 'refused'`;
const FAILED = `outcome IN ('upstream_error', 'upstream_cut', 'upstream_timeout')`;

const calls = (filter: string): string => `coalesce(sum(calls) FILTER (WHERE ${filter}), 0)`;

/** SQL of the columns of a {@link SumsRow}. */
export const SUMS = `
  ${calls(REACHED)} AS requests,
  ${calls(`NOT (${REACHED})`)} AS refused_requests,
  ${calls(FAILED)} AS failed_requests,
  coalesce(sum(cost_pico), 0) AS cost_pico,
  coalesce(sum(savings_pico), 0) AS savings_pico,
  coalesce(sum(tokens), 0) AS tokens,
  (sum(latency_us) FILTER (WHERE ${REACHED}) / nullif(sum(timed_calls) FILTER (WHERE ${REACHED}), 0) / 1000)::float8
    AS avg_latency_ms`;

/** The same sums as replies show them. */
export const sumsFields = {
  total_cost_usd: z.number(),
  total_cost_usd_exact: z.string(),
  total_requests: z.number().describe('Calls that reached a provider.'),
  refused_requests: z.number().describe('Calls that were refused before; not among the total.'),
  total_tokens: z.number(),
  avg_latency_ms: z.number().nullable(),
  error_rate: z.number().describe('The fraction that the provider failed: error status, cut or time-out.'),
  total_savings_usd: z.number(),
  total_savings_usd_exact: z.string(),
};

const sums = z.object(sumsFields);

export function toSums(row: SumsRow): z.output<typeof sums> {
  const [cost, savings] = [usdOf(row.cost_pico), usdOf(row.savings_pico)];
  const requests = Number(row.requests);
  return {
    total_cost_usd: cost.value,
    total_cost_usd_exact: cost.exact,
    total_requests: requests,
    refused_requests: Number(row.refused_requests),
    total_tokens: Number(row.tokens),
    avg_latency_ms: row.avg_latency_ms,
    error_rate: requests === 0 ? 0 : Number(row.failed_requests) / requests,
    total_savings_usd: savings.value,
    total_savings_usd_exact: savings.exact,
  };
}
