import { z } from 'zod';
import { listFields, listReplyFields } from '../../platform/http/list.js';
import { keyBudget } from '../budgets/budgets.dto.js';
import type { Key } from './key.entity.js';

const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'Expected text without control characters.');

const entityId = text(200).nullish();

const tags = z
  .record(text(100), text(200))
  // Budgets name a tag as name:value.
  .refine((given) => !Object.keys(given).some((name) => name.includes(':')), 'Expected names without a colon.')
  .refine((given) => Object.keys(given).length <= 50, 'Expected at most 50 tags.');

const limit = z.int().min(1).max(1e12).nullable().default(null);

const limits = z
  .strictObject({
    rpm: limit.describe('Calls a minute.'),
    tpm: limit.describe('Tokens a minute, of prompts and replies.'),
    parallel: limit.describe('Calls at one time.'),
  })
  .meta({ id: 'RateLimits' });

export const createKeyBody = z
  .strictObject({
    name: text(200),
    org_id: entityId,
    team_id: entityId,
    agent_id: entityId,
    user_id: entityId,
    allowed_models: z
      .array(text(200))
      .min(1)
      .max(200)
      .nullish()
      .describe('Model names in which * stands for any run of characters; all models when left out.'),
    limits: limits.nullish().describe("A minute's worth may come at once; none when left out."),
    budget: keyBudget.nullish().describe('A budget of scope key, made together with it.'),
    clamp_output: z
      .boolean()
      .default(false)
      .describe('Whether a call without a limit for its output is cut to what its budgets can pay.'),
    expires_at: z.iso.datetime({ offset: true }).nullish(),
    tags: tags.default({}),
  })
  .meta({ id: 'CreateKey' });

export const keyReply = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().describe('How the key begins.'),
    org_id: z.string().nullable(),
    team_id: z.string().nullable(),
    agent_id: z.string().nullable(),
    user_id: z.string().nullable(),
    allowed_models: z.array(z.string()).nullable(),
    limits: limits.nullable(),
    clamp_output: z.boolean(),
    tags: z.record(z.string(), z.string()),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Key' });

export const createdKeyReply = keyReply
  .extend({ key: z.string().describe('The key itself, shown this once.') })
  .meta({ id: 'CreatedKey' });

export const keysQuery = z.strictObject(listFields(z.tuple([z.iso.datetime(), z.string()])));

export const keysReply = z.object({ keys: z.array(keyReply), ...listReplyFields });

export type NewKey = z.output<typeof createKeyBody>;
export type KeysQuery = z.output<typeof keysQuery>;
export type KeyReply = z.output<typeof keyReply>;

export const toReply = (key: Key): KeyReply => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  org_id: key.orgId,
  team_id: key.teamId,
  agent_id: key.agentId,
  user_id: key.userId,
  allowed_models: key.allowedModels,
  limits: key.limits,
  clamp_output: key.clampOutput,
  tags: key.tags,
  created_at: key.createdAt.toISOString(),
  expires_at: key.expiresAt?.toISOString() ?? null,
});
