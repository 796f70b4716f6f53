import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { randomUUIDv7 } from 'node:crypto';
import type { Clock } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import { KeyMap } from '../identity/key-map.js';
import { ActiveCalls } from './active-calls.js';
import { Call } from './call.js';
import { ChatCompletions } from './chat-completions.js';
import type { Failure } from './failure.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** On the routes of the gateway's surfaces: begun, and its caller known, before the body is read. */
    call: Call | null;
  }
}

const BEARER = /^Bearer +(\S+)$/i;

/** Who may come in: decided before the body is read, so that strangers cannot make us hold one. */
@Injectable()
export class Door {
  constructor(
    @Inject(KeyMap) private readonly keys: KeyMap,
    @Inject(ActiveCalls) private readonly active: ActiveCalls,
    @Inject(ChatCompletions) private readonly chat: ChatCompletions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** An `onRequest` hook; refuses by itself. */
  readonly enter = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    const call = this.begin();
    request.call = call;
    call.caller = this.#authenticate(request.headers.authorization);
    const failure = this.#objection(call, request);
    if (failure === null) return done();
    reply.hijack();
    this.chat.refuse(call, failure, failure.kind === 'encoded_body' ? 'bad_request' : null, reply.raw);
  };

  begin(): Call {
    return new Call(randomUUIDv7(), this.clock.now());
  }

  #authenticate(authorization: string | undefined): Call['caller'] {
    const key = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
    return key === undefined ? null : this.keys.find(key);
  }

  #objection(call: Call, request: FastifyRequest): Failure | null {
    if (call.caller === null) return { kind: 'unauthorized' };
    if (this.active.stopping) return { kind: 'stopping' };
    const encoding = request.headers['content-encoding'];
    return encoding === undefined || encoding === 'identity' ? null : { kind: 'encoded_body', encoding };
  }
}
