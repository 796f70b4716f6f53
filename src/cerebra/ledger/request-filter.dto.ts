import { z } from 'zod';
import { periodFields } from '../../platform/http/period.js';
import type { Outcome } from '../gateway/call.js';

export const outcomes = [
  'ok',
  'upstream_error',
  'upstream_cut',
  'upstream_timeout',
  'client_abort',
  'refused',
  'shutdown',
  'lost',
] as const satisfies readonly Outcome[];

/** PostgreSQL holds no NUL in a text, so nothing can have such a name. */
const name = z
  .string()
  .min(1)
  .max(500)
  .refine((value) => !value.includes('\0'), 'Expected text without a NUL character.')
  .optional();

/** The query parameters that choose rows of the ledger; spread into a `z.strictObject`. */
export const requestFilterFields = {
  ...periodFields,
  provider: name,
  model: name,
  route: name,
  org_id: name,
  team_id: name,
  agent_id: name,
  user_id: name,
  key_id: name,
  tag: name.refine((value) => value === undefined || value.includes(':'), 'Expected name:value.'),
  status: z.coerce.number().int().min(100).max(599).optional().describe('HTTP status that the client saw.'),
  outcome: z.enum(outcomes).optional(),
};
