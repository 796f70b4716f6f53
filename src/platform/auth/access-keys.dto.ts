import { z } from 'zod';
import { listFields, listReplyFields } from '../http/list.js';
import { plainText } from '../http/plain-text.js';
import { toIso } from '../time.js';
import type { AccessKey } from './access-key.js';
import { roles } from './principal.js';

const moduleNames = z.array(
  z
    .string()
    .regex(/^[a-z]{2,32}$/, 'Expected the name of a module, such as cerebra.')
    .meta({ example: 'cerebra' }),
);

export const createAccessKeyBody = z
  .strictObject({
    name: plainText(200, 'Grafana'),
    role: z.enum(roles),
    modules: moduleNames.min(1).max(16).nullish().describe('What it is good for; all modules when left out.'),
    expires_at: z.iso.datetime({ offset: true }).nullish(),
  })
  .meta({ id: 'CreateAccessKey' });

export const accessKeyReply = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(roles),
    modules: z.array(z.string()).nullable(),
    prefix: z.string().describe('How the key begins.'),
    created_at: z.iso.datetime(),
    created_by: z.string().nullable(),
    expires_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'AccessKey' });

export const createdAccessKeyReply = accessKeyReply
  .extend({ key: z.string().describe('The key itself, shown this once.') })
  .meta({ id: 'CreatedAccessKey' });

export const accessKeysQuery = z.strictObject(listFields(z.tuple([z.iso.datetime(), z.string()])));

export const accessKeysReply = z.object({ access_keys: z.array(accessKeyReply), ...listReplyFields });

export const toReply = (key: AccessKey): z.output<typeof accessKeyReply> => ({
  id: key.id,
  name: key.name,
  role: key.role,
  modules: key.modules === null ? null : [...key.modules],
  prefix: key.prefix,
  created_at: toIso(key.createdAt),
  created_by: key.createdBy,
  expires_at: key.expiresAt === null ? null : toIso(key.expiresAt),
});
