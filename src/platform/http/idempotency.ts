import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { bearerOf } from '../auth/access-key.js';
import { AppError } from '../errors/app-error.js';
import { conflict, invalid, platformErrors } from '../errors/platform.errors.js';
import type { IdempotencyStore } from './idempotency-store.js';
import { digestOfParts, ReplySeal, type KeptReply } from './kept-reply.js';
import { isWrite, onManagementRoute } from './management-routes.js';

/** A call that was claimed and whose reply is to be kept. */
interface ClaimedCall {
  readonly scope: Buffer;
  readonly claim: string;
  readonly seal: ReplySeal;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null without an `Idempotency-Key`, and once the reply is kept. */
    claimedCall: ClaimedCall | null;
  }
}

const KEY_FORM = /^[\x21-\x7e]{1,255}$/;
/** A larger reply is not kept: the call is made again instead. */
const MAX_REPLY_BYTES = 1 << 20;
/** Refusals that ask the client to come again later: repeating them for a day would take that back. */
const TRY_AGAIN = new Set([408, 424, 425, 429]);
const RETRY_AFTER_SECONDS = '1';

/**
 * Makes writes safe to repeat: a call that is sent again with its `Idempotency-Key` is not done again, but
 * answered as it was, for 24 hours.
 */
export function keepIdempotent(instance: FastifyInstance, store: IdempotencyStore, module: string, log: Logger): void {
  instance.decorateRequest('claimedCall', null);

  const preHandler = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const key = request.headers['idempotency-key'];
    const accessKey = bearerOf(request.headers.authorization);
    if (key === undefined || request.principal === null || accessKey === null) return undefined;
    if (typeof key !== 'string' || !KEY_FORM.test(key)) {
      throw invalid({ 'idempotency-key': 'Expected 1 to 255 characters without spaces.' });
    }
    const scope = digestOfParts(request.principal.keyId, module, request.method, request.url, key);
    const seal = new ReplySeal(accessKey, key, scope);
    const found = await store.claim(scope, digestOfParts(request.body));
    switch (found.kind) {
      case 'claimed':
        request.claimedCall = { scope, claim: found.claim, seal };
        return undefined;
      case 'running':
        throw stillRunning();
      case 'other_request':
        throw invalid({ 'idempotency-key': 'It was used for another request; take a new one for this body.' });
      case 'done': {
        const kept = seal.open(found.reply);
        if (kept === null) throw conflict('The call was made before, with another access key; its reply is sealed.');
        return repeat(reply, found.status, kept);
      }
      default:
        return found satisfies never;
    }
  };

  const onSend = async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    const call = request.claimedCall;
    if (call === null) return payload;
    request.claimedCall = null;
    try {
      await keepOrRelease(store, call, reply, payload);
    } catch (error) {
      // The reply is true all the same; the claim runs out by itself.
      log.warn({ err: error, request_id: request.id }, 'a reply could not be kept for its Idempotency-Key');
    }
    return payload;
  };

  onManagementRoute(instance, (route) => (isWrite(route) ? { preHandler, onSend } : null));
}

async function keepOrRelease(
  store: IdempotencyStore,
  call: ClaimedCall,
  reply: FastifyReply,
  payload: unknown,
): Promise<void> {
  const body = textOf(payload);
  const final = reply.statusCode < 500 && !TRY_AGAIN.has(reply.statusCode);
  if (!final || body === null || Buffer.byteLength(body) > MAX_REPLY_BYTES) {
    await store.release(call.scope, call.claim);
    return;
  }
  const type = String(reply.getHeader('content-type') ?? '');
  await store.finish(call.scope, call.claim, reply.statusCode, call.seal.seal({ type, body }));
}

function repeat(reply: FastifyReply, status: number, kept: KeptReply): FastifyReply {
  if (kept.type !== '') reply.type(kept.type);
  return reply
    .code(status)
    .header('idempotency-replayed', 'true')
    .send(kept.body === '' ? undefined : kept.body);
}

/** Null for a stream, which can be sent only once. */
function textOf(payload: unknown): string | null {
  if (payload === null || payload === undefined) return '';
  if (typeof payload === 'string') return payload;
  return Buffer.isBuffer(payload) ? payload.toString() : null;
}

const stillRunning = (): AppError =>
  new AppError(
    platformErrors.conflict,
    'A call with this Idempotency-Key is still running; ask again in a moment.',
    {},
    { headers: { 'retry-after': RETRY_AFTER_SECONDS } },
  );
