import { z } from 'zod';
import { requestFilterFields } from '../ledger/request-filter.dto.js';
import { sumsFields, toSums } from './sums.js';
import type { GroupRow } from './usage.repository.js';

export const reportFormats = ['json', 'csv'] as const;

export const reportQuery = z.strictObject({
  ...requestFilterFields,
  format: z.enum(reportFormats).default('json'),
});
export type ReportQuery = z.output<typeof reportQuery>;

const part = z.object({
  id: z.string().nullable().describe('Null: calls without one.'),
  name: z.string().nullable(),
  ...sumsFields,
});
export type ReportPart = z.output<typeof part>;

const parts = z.array(part).describe('The dearest first, at most 100.');

export const report = z
  .object({
    period: z.object({ from: z.iso.datetime(), to: z.iso.datetime() }),
    ...sumsFields,
    cost_by_provider: parts,
    cost_by_model: parts,
    cost_by_team: parts,
    top_agents: z.array(part).describe('The ten dearest.'),
  })
  .meta({ id: 'AnalyticsReport' });
export type Report = z.output<typeof report>;

export const reportReply = z.object({ report });
export type ReportReply = z.output<typeof reportReply>;

export const toPart = (row: GroupRow): ReportPart => ({
  id: row.dimension_id,
  name: row.dimension_name ?? row.dimension_id,
  ...toSums(row),
});
