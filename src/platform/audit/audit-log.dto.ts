import { z } from 'zod';
import { listFields, listReplyFields } from '../http/list.js';
import { periodFields } from '../http/period.js';
import { toIso } from '../time.js';
import type { AuditEntry } from './audit-entry.js';

export const auditLogQuery = z.strictObject({
  ...periodFields,
  ...listFields(z.tuple([z.iso.datetime(), z.string()])),
});

const auditEntryReply = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    key_id: z.string().nullable(),
    key_name: z.string().nullable(),
    method: z.string(),
    route: z.string(),
    path: z.string(),
    resource_id: z.string().nullable(),
    status: z.int(),
    error_code: z.string().nullable(),
    request_id: z.string(),
    source_address: z.string(),
  })
  .meta({ id: 'AuditEntry' });

export const auditLogReply = z.object({ entries: z.array(auditEntryReply), ...listReplyFields });

export const toReply = (entry: AuditEntry): z.output<typeof auditEntryReply> => ({
  id: entry.id,
  at: toIso(entry.at),
  key_id: entry.keyId,
  key_name: entry.keyName,
  method: entry.method,
  route: entry.route,
  path: entry.path,
  resource_id: entry.resourceId,
  status: entry.status,
  error_code: entry.errorCode,
  request_id: entry.requestId,
  source_address: entry.sourceAddress,
});
