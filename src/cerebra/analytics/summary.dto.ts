import { z } from 'zod';
import { requestFilterFields } from '../ledger/request-filter.dto.js';
import { usdOf } from '../ledger/usd.js';
import { groupings, type GroupRow, type SummaryRow } from './summary.repository.js';

const MOST_GROUPS = 1_000;

export const summaryQuery = z.strictObject({
  ...requestFilterFields,
  group_by: z.enum(groupings).default('model'),
  limit: z.coerce.number().int().min(1).max(MOST_GROUPS).default(MOST_GROUPS).describe('Of groups, the dearest first.'),
});

const sums = {
  total_cost_usd: z.number(),
  total_cost_usd_exact: z.string(),
  total_requests: z.number().describe('Calls that reached a provider.'),
  refused_requests: z.number().describe('Calls that were refused before; not among the total.'),
  total_tokens: z.number(),
  avg_latency_ms: z.number().nullable(),
  p95_latency_ms: z.number().nullable(),
  error_rate: z.number().describe('The fraction that the provider failed: error status, cut or time-out.'),
  total_savings_usd: z.number(),
  total_savings_usd_exact: z.string(),
};

export const summaryReply = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    group_by: z.enum(groupings),
    data: z.array(
      z.object({
        dimension: z.enum(groupings),
        dimension_id: z.string().nullable().describe('Null: calls without one. Of tags, name:value.'),
        dimension_name: z.string().nullable(),
        ...sums,
      }),
    ),
    total: z.number().describe('How many groups there are.'),
    totals: z.object(sums),
  })
  .meta({ id: 'AnalyticsSummary' });

type Sums = z.output<typeof summaryReply>['totals'];
type Group = z.output<typeof summaryReply>['data'][number];

export function toSums(row: SummaryRow): Sums {
  const [cost, savings] = [usdOf(row.cost_pico), usdOf(row.savings_pico)];
  const requests = Number(row.requests);
  return {
    total_cost_usd: cost.value,
    total_cost_usd_exact: cost.exact,
    total_requests: requests,
    refused_requests: Number(row.refused_requests),
    total_tokens: Number(row.tokens),
    avg_latency_ms: row.avg_latency_ms,
    p95_latency_ms: row.p95_latency_ms,
    error_rate: requests === 0 ? 0 : Number(row.failed_requests) / requests,
    total_savings_usd: savings.value,
    total_savings_usd_exact: savings.exact,
  };
}

export const toGroup = (dimension: Group['dimension'], row: GroupRow): Group => ({
  dimension,
  dimension_id: row.dimension_id,
  dimension_name: row.dimension_name ?? row.dimension_id,
  ...toSums(row),
});
