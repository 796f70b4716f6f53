import type { ContextStorage } from '../../src/platform/bounded-context.js';
import { CreateAccessKeys1764000000100 } from './1764000000100-create-access-keys.js';
import { CreateAuditLog1764000000200 } from './1764000000200-create-audit-log.js';
import { CreateIdempotencyKeys1764000000300 } from './1764000000300-create-idempotency-keys.js';
import { CreateSecrets1764000000400 } from './1764000000400-create-secrets.js';
import { CreateScheduleSlots1764000000500 } from './1764000000500-create-schedule-slots.js';

/** What the platform itself keeps: shared by every context, migrated before any of them. */
export const platformStorage: ContextStorage & { readonly name: string } = {
  name: 'platform',
  schema: 'platform',
  entities: [],
  // In the order in which they run; only ever appended to.
  migrations: [
    CreateAccessKeys1764000000100,
    CreateAuditLog1764000000200,
    CreateIdempotencyKeys1764000000300,
    CreateSecrets1764000000400,
    CreateScheduleSlots1764000000500,
  ],
};
