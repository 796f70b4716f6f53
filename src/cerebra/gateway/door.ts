import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { randomUUIDv7 } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import { Callers } from '../identity/callers.js';
import { ENTITY_ID_FORM } from '../identity/entity-id.js';
import type { Dialect } from '../providers/dialect.js';
import { ActiveCalls } from './active-calls.js';
import { CALL_SPANS } from './call-spans.provider.js';
import type { CallSpans } from './call-spans.js';
import { Call } from './call.js';
import { isReadable } from './content-coding.js';
import { Dispatch } from './dispatch.js';
import type { Failure } from './failure.js';
import { presentedKey } from './presented-key.pure.js';
import { refuse } from './refuse.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** On the routes of the gateway's surfaces: begun, and its caller known, before the body is read. */
    call: Call | null;
  }
}

type OnRequest = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void;

/** Who may come in: decided before the body is read, so that strangers cannot make us hold one. */
@Injectable()
export class Door implements OnModuleInit {
  constructor(
    @Inject(Callers) private readonly callers: Callers,
    @Inject(ActiveCalls) private readonly active: ActiveCalls,
    @Inject(Dispatch) private readonly dispatch: Dispatch,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CALL_SPANS) private readonly spans: CallSpans | null,
  ) {}

  onModuleInit(): void {
    this.host.httpAdapter.getInstance<FastifyInstance>().decorateRequest('call', null);
  }

  /** Makes an `onRequest` hook that refuses by itself. */
  into(dialectOf: (request: FastifyRequest) => Dialect): OnRequest {
    return (request, reply, done) => {
      const call = this.begin(request.headers, request.query);
      request.call = call;
      const failure = this.objection(call, request.headers);
      if (failure === null) return done();
      reply.hijack();
      this.dispatch.refuse(dialectOf(request), call, failure, reply.raw);
    };
  }

  /** Answers those whom no key names: nothing is recorded. */
  turnAway(reply: FastifyReply, dialect: Dialect, failure: Failure): void {
    reply.hijack();
    refuse(reply.raw, dialect, failure, randomUUIDv7());
  }

  /** A call by whoever shows a key that opens. */
  begin(headers: IncomingHttpHeaders, query: unknown): Call {
    const call = new Call(randomUUIDv7(), this.clock.now());
    if (this.spans !== null) call.trace = this.spans.parentOf(headers);
    const key = presentedKey(headers, query);
    call.caller = key === undefined ? null : this.callers.find(key, headers);
    return call;
  }

  /** Why the call may not come in. */
  objection(call: Call, headers: IncomingHttpHeaders): Failure | null {
    if (call.caller === null) return this.#stranger(headers);
    if (this.active.stopping) return { kind: 'stopping' };
    const encoding = headers['content-encoding'];
    return encoding === undefined || isReadable(encoding) ? null : { kind: 'encoded_body', encoding };
  }

  /** Why nobody is known who makes the call. */
  #stranger(headers: IncomingHttpHeaders): Failure {
    const malformed = this.callers.malformed(headers);
    if (malformed === null) return { kind: 'unauthorized' };
    return { kind: 'unreadable', message: `${malformed}: ${ENTITY_ID_FORM}`, param: null };
  }
}
