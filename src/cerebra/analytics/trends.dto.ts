import { z } from 'zod';
import { requestFilterFields } from '../ledger/request-filter.dto.js';
import { groupings } from './grouping.js';
import { trendIntervals } from './intervals.pure.js';
import { sumsFields } from './sums.js';

const MOST_GROUPS = 20;

export const trendsQuery = z.strictObject({
  ...requestFilterFields,
  interval: z.enum(trendIntervals).default('day'),
  group_by: z.enum(groupings).optional(),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_GROUPS)
    .default(MOST_GROUPS)
    .describe('Of groups, the dearest of the whole period first.'),
});
export type TrendsQuery = z.output<typeof trendsQuery>;

export const trendsReply = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    interval: z.enum(trendIntervals),
    group_by: z.enum(groupings).nullable(),
    data: z
      .array(
        z.object({
          timestamp: z.iso.datetime().describe('When the interval begins, in UTC; weeks begin on Mondays.'),
          group: z.string().nullable().optional().describe('Null: calls without one. Left out without `group_by`.'),
          group_name: z.string().nullable().optional(),
          ...sumsFields,
        }),
      )
      .describe('Group by group; every interval of the period is there, if only with zeros.'),
    total: z.number().describe('How many groups there are; 1 without `group_by`.'),
  })
  .meta({ id: 'AnalyticsTrends' });
export type TrendsReply = z.output<typeof trendsReply>;
