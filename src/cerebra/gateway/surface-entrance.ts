import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { CONFIG, LOGGER } from '../../platform/tokens.js';
import type { CerebraConfig } from '../cerebra.config.js';
import type { Caller } from '../identity/caller.js';
import type { Call } from './call.js';
import { Dispatch } from './dispatch.js';
import { Door } from './door.js';
import type { Operation } from './operation.js';
import { ownCredential } from './presented-key.pure.js';
import { queryFor } from './query.pure.js';
import { Reception } from './reception.js';
import { receiveBody } from './request-body.js';

/** What a surface is asked for. */
export interface SurfaceRequest {
  readonly operation: Operation;
  /** The model, where the path names it. */
  readonly named: string;
  /** Parsed. */
  readonly query: unknown;
}

/** The way in for calls to the surfaces: who calls, then the body, then on to the provider. */
@Injectable()
export class SurfaceEntrance {
  constructor(
    @Inject(Door) private readonly door: Door,
    @Inject(Dispatch) private readonly dispatch: Dispatch,
    @Inject(Reception) private readonly reception: Reception,
    @Inject(CONFIG) private readonly config: CerebraConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** In the tick in which the head was read. Never throws; answers on `reply`, now or later. */
  enter(asked: SurfaceRequest, request: IncomingMessage, reply: ServerResponse): void {
    const { headers } = request;
    const call = this.door.begin(headers, asked.query);
    const failure = this.door.objection(call, headers);
    const { caller } = call;
    const { dialect } = asked.operation;
    if (failure !== null) return this.dispatch.refuse(dialect, call, failure, reply);
    if (caller === null) return this.dispatch.refuse(dialect, call, { kind: 'unauthorized' }, reply);
    receiveBody(request, this.config.maxBodyBytes, (body) => {
      if (!Buffer.isBuffer(body)) return this.dispatch.refuse(dialect, call, body, reply);
      this.#take(asked, call, caller, body, request, reply);
    });
  }

  #take(
    { operation, named, query }: SurfaceRequest,
    call: Call,
    caller: Caller,
    body: Buffer,
    { headers, url = '' }: IncomingMessage,
    reply: ServerResponse,
  ): void {
    const credential = ownCredential(caller, headers, query);
    const received = { caller, body, headers, credential, query: queryFor(url), named, destination: null };
    try {
      this.reception.take(operation, call, received, reply);
    } catch (error) {
      this.log.error({ err: error, call: call.id }, 'A call failed in the gateway.');
      this.dispatch.refuse(operation.dialect, call, { kind: 'internal' }, reply);
    }
  }
}
