import { z } from 'zod';
import { listFields, listReplyFields } from '../../platform/http/list.js';
import { plainText } from '../../platform/http/plain-text.js';
import { keyBudget } from '../budgets/budgets.dto.js';
import type { Key } from './key.entity.js';

const reference = (example: string) => plainText(200, example).nullish();

const tags = z
  .record(plainText(100, 'env'), plainText(200, 'prod'))
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

const settings = {
  name: plainText(200, 'search, production'),
  org_id: reference('acme').describe(
    'The id of an organization, or its name. Where its team has one, that one counts.',
  ),
  team_id: reference('search').describe('The id of a team, or its name.'),
  agent_id: reference('ranker').describe('The id of an agent, or its name.'),
  user_id: reference('ann').describe('Whoever is behind the calls; users are not registered here.'),
  allowed_models: z
    .array(plainText(200, 'gpt-4.1*'))
    .min(1)
    .max(200)
    .nullish()
    .describe('Model names in which * stands for any run of characters; all models when left out.'),
  limits: limits.nullish().describe("A minute's worth may come at once; none when left out."),
  clamp_output: z
    .boolean()
    .default(false)
    .describe('Whether a call without a limit for its output is cut to what its budgets can pay.'),
  expires_at: z.iso.datetime({ offset: true }).nullish(),
  tags: tags.default({}),
};

export const createKeyBody = z
  .strictObject({
    ...settings,
    budget: keyBudget.nullish().describe('A budget of scope key, made together with it.'),
  })
  .meta({ id: 'CreateKey' });

export const updateKeyBody = z.strictObject(settings).meta({ id: 'UpdateKey' });

const LONGEST_GRACE = 30 * 86_400;

export const rotateKeyBody = z
  .strictObject({
    grace_seconds: z
      .int()
      .min(0)
      .max(LONGEST_GRACE)
      .default(3_600)
      .describe('How long the secret that it has now is still taken; 0: no longer.'),
  })
  .meta({ id: 'RotateKey' });

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
    previous_valid_until: z.iso
      .datetime()
      .nullable()
      .describe('Until when the secret before the latest rotation is taken; null: it was never rotated.'),
  })
  .meta({ id: 'Key' });

export const rotatedKeyReply = z
  .object({
    id: z.string(),
    key: z.string().describe('The new secret, shown this once.'),
    prefix: z.string(),
    previous_valid_until: z.iso.datetime(),
  })
  .meta({ id: 'RotatedKey' });

export const createdKeyReply = keyReply
  .extend({ key: z.string().describe('The key itself, shown this once.') })
  .meta({ id: 'CreatedKey' });

export const keysQuery = z.strictObject(listFields(z.tuple([z.iso.datetime(), z.string()])));

export const keysReply = z.object({ keys: z.array(keyReply), ...listReplyFields });

export type NewKey = z.output<typeof createKeyBody>;
export type KeySettings = z.output<typeof updateKeyBody>;
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
  previous_valid_until: key.previousValidUntil?.toISOString() ?? null,
});
