import { z } from 'zod';
import { listFields, listReplyFields } from '../../../platform/http/list.js';
import { runKinds, runStatuses } from './run.js';
import type { NamedRun } from './run.entity.js';

const amount = z.string().describe('Exact.');

export const runReply = z
  .object({
    id: z.string(),
    source_id: z.string(),
    source: z.string(),
    kind: z.enum(runKinds),
    status: z.enum(runStatuses),
    progress: z.object({
      rows: z.number(),
      bytes: z.number(),
      percent: z.number().nullable().describe('Null: it cannot be told how much there is.'),
      eta_seconds: z.number().nullable(),
    }),
    accepted_rows: z.number().describe('Became charges, repaired ones included.'),
    repaired_rows: z.number(),
    rejected_rows: z.number(),
    slices: z.array(
      z.object({
        key: z.string(),
        billing_account: z.string().nullable(),
        period: z.string(),
        rows: z.number(),
        state: z.enum(['new', 'unchanged', 'replaced']),
        costs: z.array(z.object({ currency: z.string(), billed: amount, effective: amount })),
      }),
    ),
    provider_requests: z.number(),
    provider_cost_usd: z.number(),
    provider_cost_usd_exact: z.string(),
    waited_seconds: z.number(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    created_at: z.iso.datetime(),
    started_at: z.iso.datetime().nullable(),
    completed_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Run' });

export const runsQuery = z.strictObject({
  source: z.string().optional().describe('Its id or name.'),
  status: z.enum(runStatuses).optional(),
  kind: z.enum(runKinds).optional(),
  ...listFields(z.tuple([z.iso.datetime(), z.string()])),
});

export const runsReply = z.object({ runs: z.array(runReply), ...listReplyFields });

export type RunsQuery = z.output<typeof runsQuery>;
export type RunReply = z.output<typeof runReply>;

export function toRunReply({ run, source }: NamedRun): RunReply {
  const { rows = 0, bytes = 0, percent = null, eta_seconds = null } = run.progress;
  return {
    id: run.id,
    source_id: run.sourceId,
    source,
    kind: run.kind,
    status: run.status,
    progress: { rows, bytes, percent, eta_seconds },
    accepted_rows: Number(run.acceptedRows),
    repaired_rows: Number(run.repairedRows),
    rejected_rows: Number(run.rejectedRows),
    slices: run.slices,
    provider_requests: Number(run.providerRequests),
    provider_cost_usd: Number(run.providerCostUsd),
    provider_cost_usd_exact: run.providerCostUsd,
    waited_seconds: Number(run.waitedMs) / 1_000,
    error: run.error,
    created_at: run.createdAt.toISOString(),
    started_at: run.startedAt?.toISOString() ?? null,
    completed_at: run.completedAt?.toISOString() ?? null,
  };
}
