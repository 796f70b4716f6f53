import { z } from 'zod';
import { requestFilterFields } from '../ledger/request-filter.dto.js';
import { groupings, type Grouping } from './grouping.js';
import { percentile, type Latencies } from './latency.pure.js';
import { sumsFields, toSums, type SumsRow } from './sums.js';
import type { GroupRow } from './usage.repository.js';

const MOST_GROUPS = 1_000;
const limit = z.coerce.number().int().min(1).max(MOST_GROUPS).default(MOST_GROUPS);

export const summaryQuery = z.strictObject({
  ...requestFilterFields,
  group_by: z.enum(groupings).default('model'),
  limit: limit.describe('Of groups, the dearest first.'),
});
export type SummaryQuery = z.output<typeof summaryQuery>;

/** The short form, as scripts know it. */
export const costSummaryQuery = summaryQuery
  .omit({ group_by: true })
  .extend({ dimension: z.enum(groupings).default('model') });

const summed = {
  ...sumsFields,
  p95_latency_ms: z.number().nullable().describe('Within 5 % of what was measured.'),
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
        ...summed,
      }),
    ),
    total: z.number().describe('How many groups there are.'),
    totals: z.object(summed),
  })
  .meta({ id: 'AnalyticsSummary' });
export type SummaryReply = z.output<typeof summaryReply>;

const NONE: Latencies = new Map();

export const toSummed = (row: SumsRow, latencies: Latencies = NONE): SummaryReply['totals'] => ({
  ...toSums(row),
  p95_latency_ms: percentile(latencies, 0.95),
});

export const toGroup = (dimension: Grouping, row: GroupRow, latencies?: Latencies): SummaryReply['data'][number] => ({
  dimension,
  dimension_id: row.dimension_id,
  dimension_name: row.dimension_name ?? row.dimension_id,
  ...toSummed(row, latencies),
});
