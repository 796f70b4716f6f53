import { z } from 'zod';
import { listFields, listReplyFields } from '../../platform/http/list.js';
import { plainText } from '../../platform/http/plain-text.js';
import { usdOf } from '../ledger/usd.js';
import { nanoUsd, toPicoUsd, type NanoUsd } from '../pricing/money.js';
import { scopes, type BudgetState } from './budget-gate.js';
import type { BudgetRow } from './budget.entity.js';
import { usdAmount } from './usd-amount.js';
import { isTimeZone, periods } from './window.pure.js';

const entityId = plainText(500, 'search');

export const period = z.enum(periods, {
  error: `Expected one of ${periods.join(', ')}. Windows of other lengths are not supported yet.`,
});

const defaults = { time_zone: 'UTC', thresholds_pct: [50, 80, 100], on_store_failure: 'closed' } as const;

const settings = {
  limit_usd: usdAmount,
  period,
  time_zone: z
    .string()
    .refine(isTimeZone, 'Expected the name of a time zone, such as UTC or Europe/Amsterdam.')
    .default(defaults.time_zone)
    .describe('Whose days, weeks and months the windows are.'),
  hard: z.boolean().default(true).describe('A soft budget counts but never refuses.'),
  thresholds_pct: z
    .array(z.number().positive().max(1_000))
    .max(20)
    .default([...defaults.thresholds_pct]),
  on_store_failure: z
    .enum(['closed', 'open'])
    .default(defaults.on_store_failure)
    .describe('Whether a hard budget lets calls through while what it has spent cannot be read.'),
};

export const createBudgetBody = z
  .strictObject({
    scope: z.enum(scopes),
    entity_id: entityId.describe(
      'An id, or the name of a key, organization, team or agent; of scope model its name, of scope tag name:value.',
    ),
    ...settings,
  })
  .refine(({ scope, entity_id }) => scope !== 'tag' || /^[^:]+:/.test(entity_id), {
    path: ['entity_id'],
    message: 'Expected name:value, since the scope is tag.',
  })
  .meta({ id: 'CreateBudget' });

/** The budget that a key is made with. */
export const keyBudget = z.strictObject({ limit_usd: usdAmount, period, hard: settings.hard });

export const newKeyBudget = (keyId: string, given: z.output<typeof keyBudget>): NewBudget => ({
  scope: 'key',
  entity_id: keyId,
  ...defaults,
  thresholds_pct: [...defaults.thresholds_pct],
  ...given,
});

export const updateBudgetBody = z.strictObject(settings).meta({ id: 'UpdateBudget' });

export const budgetReply = z
  .object({
    id: z.string(),
    scope: z.enum(scopes),
    entity_id: z.string(),
    limit_usd: z.number(),
    limit_usd_exact: z.string(),
    spent_usd: z.number().describe('Settled in the current window.'),
    spent_usd_exact: z.string(),
    reserved_usd: z.number().describe('Held for calls that are running.'),
    reserved_usd_exact: z.string(),
    remaining_usd: z.number(),
    remaining_usd_exact: z.string(),
    utilization_pct: z.number().describe('Spent, of the limit.'),
    period: z.enum(periods),
    time_zone: z.string(),
    window_start: z.iso.datetime(),
    resets_at: z.iso.datetime().nullable().describe('Null: never.'),
    hard: z.boolean(),
    thresholds_pct: z.array(z.number()),
    on_store_failure: z.enum(['closed', 'open']),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Budget' });

export const budgetsQuery = z.strictObject({
  scope: z.enum(scopes).optional(),
  entity_id: entityId.optional(),
  ...listFields(z.tuple([z.iso.datetime(), z.string()])),
});

export const budgetsReply = z.object({ budgets: z.array(budgetReply), ...listReplyFields });

export type BudgetSettings = z.output<typeof updateBudgetBody>;
export type NewBudget = z.output<typeof createBudgetBody>;
export type BudgetsQuery = z.output<typeof budgetsQuery>;
export type BudgetReply = z.output<typeof budgetReply>;

export function toReply(row: BudgetRow, limit: NanoUsd, { settled, reserved, ...window }: BudgetState): BudgetReply {
  const [limitUsd, spent, held] = [usd(limit), usd(settled), usd(reserved)];
  const remaining = usd(Math.max(0, limit - settled - reserved));
  return {
    id: row.id,
    scope: row.scope,
    entity_id: row.entityId,
    limit_usd: limitUsd.value,
    limit_usd_exact: limitUsd.exact,
    spent_usd: spent.value,
    spent_usd_exact: spent.exact,
    reserved_usd: held.value,
    reserved_usd_exact: held.exact,
    remaining_usd: remaining.value,
    remaining_usd_exact: remaining.exact,
    utilization_pct: utilization(settled, limit),
    period: row.period,
    time_zone: row.timeZone,
    window_start: new Date(window.windowStart).toISOString(),
    resets_at: window.resetsAt === null ? null : new Date(window.resetsAt).toISOString(),
    hard: row.hard,
    thresholds_pct: row.thresholdsPct,
    on_store_failure: row.onStoreFailure,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

const usd = (nano: number): ReturnType<typeof usdOf> => usdOf(toPicoUsd(nanoUsd(nano)).toString());

/** A budget of nothing is used up from the start. */
const utilization = (spent: NanoUsd, limit: NanoUsd): number =>
  limit === 0 ? 100 : Math.round((spent / limit) * 1e6) / 1e4;
