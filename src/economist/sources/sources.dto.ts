import { z } from 'zod';
import { listFields, listReplyFields } from '../../platform/http/list.js';
import { nextSlot } from '../../platform/jobs/cron.js';
import { instant, toIso, type Instant } from '../../platform/time.js';
import type { SourceCheck } from './cost-source.js';
import type { SourceRow } from './source.entity.js';

const CRON_FORM = 'Expected a cron expression of five fields, such as 0 6 * * *, in UTC, that can come true.';

const schedule = z
  .string()
  .max(200)
  .refine(isSchedule, CRON_FORM)
  .describe('When it syncs by itself: a cron expression of five fields, in UTC.');

function isSchedule(cron: string): boolean {
  if (cron.trim().split(/\s+/).length !== 5) return false;
  try {
    return nextSlot(cron, 'UTC', instant(Date.now())) !== null;
  } catch {
    return false;
  }
}

export const sourceName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}+$/u, 'Expected text without control characters.');

const fields = {
  name: sourceName,
  type: z.string().max(100),
  settings: z.record(z.string(), z.unknown()).default({}).describe('By type; see the guides.'),
  schedule: schedule.nullable().default(null),
  enabled: z.boolean().default(true).describe('False: its schedule rests.'),
};

const credentials = z.record(z.string(), z.unknown());

export const createSourceBody = z
  .strictObject({
    ...fields,
    credentials: credentials.nullable().default(null).describe("Stored encrypted; without: the SDK's default chain."),
  })
  .meta({ id: 'CreateSource' });

export const updateSourceBody = z
  .strictObject({
    ...fields,
    credentials: credentials.nullable().optional().describe('Left out: those that are stored stay; null: removed.'),
  })
  .meta({ id: 'UpdateSource' });

export const sourceReply = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.string(),
    settings: z.record(z.string(), z.unknown()),
    has_credentials: z.boolean(),
    schedule: z.string().nullable(),
    enabled: z.boolean(),
    next_sync_at: z.iso.datetime().nullable().describe('Null: it has no schedule, or is not enabled.'),
    last_sync_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Source' });

export const sourcesQuery = z.strictObject({
  type: z.string().optional(),
  ...listFields(z.tuple([z.string()])),
});

export const sourcesReply = z.object({ sources: z.array(sourceReply), ...listReplyFields });

export const deleteSourceQuery = z.strictObject({
  charges: z.enum(['keep', 'delete']).optional().describe('What becomes of the charges that it has brought.'),
});

export const sourceTestReply = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), latency_ms: z.number() })),
});

export type NewSource = z.output<typeof createSourceBody>;
export type SourceUpdate = z.output<typeof updateSourceBody>;
export type SourcesQuery = z.output<typeof sourcesQuery>;
export type SourceReply = z.output<typeof sourceReply>;

export function toSourceReply(row: SourceRow, now: Instant): SourceReply {
  const next = row.enabled && row.schedule !== null ? nextSlot(row.schedule, 'UTC', now) : null;
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    settings: row.settings,
    has_credentials: row.credentialsId !== null,
    schedule: row.schedule,
    enabled: row.enabled,
    next_sync_at: next === null ? null : toIso(next),
    last_sync_at: row.lastSyncAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

export const toTestReply = (checks: readonly SourceCheck[]): z.output<typeof sourceTestReply> => ({
  ok: checks.every(({ ok }) => ok),
  checks: checks.map(({ name, ok, detail, latencyMs }) => ({ name, ok, detail, latency_ms: latencyMs })),
});
