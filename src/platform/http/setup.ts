import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { AuditLog } from '../audit/audit-log.js';
import { auditWrites } from '../audit/audit-writes.js';
import { AccessKeys } from '../auth/access-keys.js';
import { guardRoutes } from '../auth/door.js';
import type { BoundedContext } from '../bounded-context.js';
import type { Settings } from '../config/settings.js';
import { ErrorFilter } from '../errors/error.filter.js';
import type { Clock } from '../time.js';
import { CLOCK, LOGGER } from '../tokens.js';
import { keepIdempotent } from './idempotency.js';
import { IdempotencyStore } from './idempotency-store.js';
import { setUpOpenApi } from './openapi.js';
import { ValidationPipe } from './validation.pipe.js';

/**
 * Gives an application the manners of every listener of ours. Between `NestFactory.create` and `app.init`:
 * only routes that are registered later are guarded.
 * @param app made with `createAdapter()`, with the platform's services in it
 */
export function setUpHttp(app: NestFastifyApplication, context: BoundedContext, settings: Settings): void {
  const instance: FastifyInstance = app.getHttpAdapter().getInstance();
  const log = app.get<Logger>(LOGGER, { strict: false });
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ErrorFilter(log));
  guardRoutes(instance, app.get(AccessKeys, { strict: false }), context.name, settings);
  if (context.storage !== undefined) {
    keepIdempotent(instance, app.get(IdempotencyStore, { strict: false }), context.name, log);
    auditWrites(instance, app.get(AuditLog, { strict: false }), app.get<Clock>(CLOCK, { strict: false }), log);
  }
  setUpOpenApi(app, context);
}
