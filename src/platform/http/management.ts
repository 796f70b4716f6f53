import type { Provider, Type } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import { AuditLogController } from '../audit/audit-log.controller.js';
import { AuditRetention } from '../audit/audit-retention.js';
import { AccessKeysController } from '../auth/access-keys.controller.js';
import { AccessKeys } from '../auth/access-keys.js';
import { AccessKeysRepository } from '../auth/access-keys.repository.js';
import type { BoundedContext } from '../bounded-context.js';
import { SecretStore } from '../secrets/secret-store.js';
import { IdempotencyStore } from './idempotency-store.js';
import { OpenApiFragments } from './openapi-fragments.js';

/** What every context's application needs for its management API; the database's part only where it has one. */
export function managementProviders(context: BoundedContext): Provider[] {
  const everywhere: Provider[] = [OpenApiFragments, AccessKeys];
  if (context.storage === undefined) return everywhere;
  return [
    ...everywhere,
    AccessKeysRepository,
    AuditRetention,
    SecretStore,
    {
      provide: IdempotencyStore,
      inject: [DataSource],
      useFactory: (source: DataSource) => new IdempotencyStore(source),
    },
    { provide: AuditLog, inject: [DataSource], useFactory: (source: DataSource) => new AuditLog(source, context.name) },
  ];
}

/** The endpoints that every context with a database serves. */
export const managementControllers = (context: BoundedContext): Type[] =>
  context.storage === undefined ? [] : [AccessKeysController, AuditLogController];
