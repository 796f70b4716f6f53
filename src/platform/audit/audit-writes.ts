import { randomUUIDv7 } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { isStorable } from '../http/storable.pure.js';
import { isWrite, onManagementRoute } from '../http/management-routes.js';
import type { Clock } from '../time.js';
import { Allowance } from './allowance.js';
import type { AuditEntry } from './audit-entry.js';
import type { AuditLog } from './audit-log.js';
import { factsOf } from './reply-facts.pure.js';

/** Refused strangers that are recorded a minute; whoever sends more must not fill the disk. */
const STRANGERS_A_MINUTE = 60;
const MAX_PATH = 1_000;

/**
 * Records every management call that may change something, also the refused ones, before its reply leaves:
 * what a client was told is in the log.
 */
export function auditWrites(instance: FastifyInstance, audit: AuditLog, clock: Clock, log: Logger): void {
  const strangers = new Allowance(STRANGERS_A_MINUTE);
  const onSend = async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    if (request.principal === null && !strangers.take()) return payload;
    const missed = strangers.takePassedOver();
    if (missed > 0) log.warn({ missed }, 'refused calls without a valid key, too many for the audit log');
    const entry = entryOf(request, reply, payload, clock);
    try {
      await audit.record(entry);
    } catch (error) {
      // The database is away, so the write failed as well, or will be told of here.
      log.error({ err: error, audit: entry }, 'a write could not be recorded in the audit log');
    }
    return payload;
  };
  onManagementRoute(instance, (route) => (isWrite(route) ? { onSend } : null));
}

function entryOf(request: FastifyRequest, reply: FastifyReply, payload: unknown, clock: Clock): AuditEntry {
  const facts = factsOf(payload);
  return {
    id: randomUUIDv7(),
    at: clock.now(),
    keyId: request.principal?.keyId ?? null,
    keyName: request.principal?.name ?? null,
    method: request.method,
    route: request.routeOptions.url ?? '',
    path: (request.url.split('?', 1)[0] ?? '').slice(0, MAX_PATH),
    resourceId: idIn(request.params) ?? facts.id,
    status: reply.statusCode,
    errorCode: facts.errorCode,
    requestId: request.id,
    sourceAddress: request.ip,
  };
}

const idIn = (params: unknown): string | null =>
  typeof params === 'object' &&
  params !== null &&
  'id' in params &&
  typeof params.id === 'string' &&
  isStorable(params.id)
    ? params.id
    : null;
