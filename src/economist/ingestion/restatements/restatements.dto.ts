import { z } from 'zod';
import { listFields, listReplyFields } from '../../../platform/http/list.js';
import { periodFields } from '../../../platform/http/period.js';
import { Amount } from '../../charges/amount.js';

export const restatementsQuery = z.strictObject({
  source: z.string().optional().describe('Its id or name.'),
  period: z
    .string()
    .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'Expected a month, such as 2026-03.')
    .optional()
    .describe('Billing month.'),
  run_id: z.string().optional(),
  from: periodFields.from.describe('When they were found.'),
  to: periodFields.to,
  ...listFields(z.tuple([z.iso.datetime(), z.string()])),
});

const restatement = z
  .object({
    id: z.string(),
    source_id: z.string(),
    source: z.string(),
    billing_account: z.string().nullable(),
    period: z.string(),
    currency: z.string(),
    old_cost: z.number(),
    old_cost_exact: z.string(),
    new_cost: z.number(),
    new_cost_exact: z.string(),
    delta: z.number(),
    delta_exact: z.string(),
    run_id: z.string(),
    detected_at: z.iso.datetime(),
  })
  .meta({ id: 'Restatement' });

export const restatementsReply = z.object({ restatements: z.array(restatement), ...listReplyFields });

export type RestatementsQuery = z.output<typeof restatementsQuery>;

/** As PostgreSQL gives it. */
export interface RestatementRow {
  /** A bigint. */
  readonly id: string;
  readonly source_id: string;
  /** Its name. */
  readonly source: string | null;
  readonly billing_account: string | null;
  /** `YYYY-MM`. */
  readonly period: string;
  readonly currency: string;
  readonly old_cost: string;
  readonly new_cost: string;
  readonly run_id: string;
  readonly detected_at: Date;
}

export function toRestatementReply(row: RestatementRow): z.output<typeof restatement> {
  const delta = new Amount(row.new_cost).minus(row.old_cost);
  return {
    id: row.id,
    source_id: row.source_id,
    source: row.source ?? row.source_id,
    billing_account: row.billing_account,
    period: row.period,
    currency: row.currency,
    old_cost: Number(row.old_cost),
    old_cost_exact: row.old_cost,
    new_cost: Number(row.new_cost),
    new_cost_exact: row.new_cost,
    delta: delta.toNumber(),
    delta_exact: delta.toFixed(),
    run_id: row.run_id,
    detected_at: row.detected_at.toISOString(),
  };
}
