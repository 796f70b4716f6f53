import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { answerUnknown } from '../../platform/http/not-found.js';
import { OpenApiFragments } from '../../platform/http/openapi-fragments.js';
import { CONFIG, LOGGER } from '../../platform/tokens.js';
import type { CerebraConfig } from '../cerebra.config.js';
import type { Dialect } from '../providers/dialect.js';
import { geminiDialect } from '../providers/gemini/dialect.js';
import { apiOf, dialects } from './caller-api.js';
import { Dispatch } from './dispatch.js';
import { Door } from './door.js';
import type { Failure } from './failure.js';
import type { Operation } from './operation.js';
import { pathOf, queryFor } from './query.pure.js';
import { ownCredential } from './presented-key.pure.js';
import { Reception } from './reception.js';
import { surfacePaths } from './surface.openapi.js';
import { surfaces, type Surface } from './surfaces.js';
import { unknownPath } from './unknown-path.js';

const NO_BODY = Buffer.alloc(0);

/**
 * The surfaces, straight on the context's Fastify instance in scopes of their own: own body parser, own errors, and
 * none of Nest's pipes and guards, which would cost a call four times as much (docs/decisions/005).
 */
@Injectable()
export class SurfaceRoutes implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Door) private readonly door: Door,
    @Inject(Dispatch) private readonly dispatch: Dispatch,
    @Inject(Reception) private readonly reception: Reception,
    @Inject(OpenApiFragments) private readonly documentation: OpenApiFragments,
    @Inject(CONFIG) private readonly config: CerebraConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.documentation.add(surfacePaths);
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    for (const surface of surfaces) {
      // Not awaited: that would load all plugins now, and later error handlers, Nest's among them, would not count.
      void fastify.register(
        (scope, _options, registered) => {
          this.#open(scope, surface);
          registered();
        },
        { prefix: surface.prefix },
      );
    }
  }

  #open(scope: FastifyInstance, surface: Surface): void {
    const bodyLimit = this.config.maxBodyBytes;
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, parsed) => parsed(null, body));
    scope.setErrorHandler((error: FastifyError, request, reply) => this.#failed(error, request, reply, surface));
    answerUnknown(scope, (request, reply) =>
      this.door.turnAway(reply, dialectOf(request, surface), notServed(request)),
    );
    for (const [path, operation] of Object.entries(surface.operations)) {
      const { dialect } = operation;
      const options = { config: { hot: true, dialect }, onRequest: this.door.into(() => dialect) };
      scope.post(path, options, (request, reply) => this.#serve(operation, '', request, reply));
    }
    if (Object.keys(surface.actions).length > 0) this.#openActions(scope, surface.actions);
  }

  /** Their paths name the model and what is asked of it. */
  #openActions(scope: FastifyInstance, actions: Surface['actions']): void {
    const byName = new Map(Object.entries(actions));
    const options = { config: { hot: true, dialect: geminiDialect }, onRequest: this.door.into(() => geminiDialect) };
    const root = `${scope.prefix}/models/`.length;
    scope.post('/models/*', options, (request, reply) => {
      const path = pathOf(request.url);
      const colon = path.lastIndexOf(':');
      const operation = byName.get(path.slice(colon + 1));
      if (operation === undefined) return this.door.turnAway(reply, geminiDialect, unknownPath(request));
      return this.#serve(operation, path.slice(root, colon), request, reply);
    });
  }

  #serve(operation: Operation, named: string, request: FastifyRequest, reply: FastifyReply): void {
    const { call, body, headers, query } = request;
    const caller = call?.caller ?? null;
    if (call === null || caller === null) return this.door.turnAway(reply, operation.dialect, { kind: 'unauthorized' });
    reply.hijack();
    const received = {
      caller,
      body: Buffer.isBuffer(body) ? body : NO_BODY,
      headers,
      credential: ownCredential(caller, headers, query),
      query: queryFor(request.url),
      named,
      destination: null,
    };
    this.reception.take(operation, call, received, reply.raw);
  }

  /** What Fastify could not do: read the body, mostly. */
  #failed(error: FastifyError, request: FastifyRequest, reply: FastifyReply, surface: Surface): void {
    const failure = this.#failureOf(error);
    const dialect = request.routeOptions.config.dialect ?? dialectOf(request, surface);
    const { call } = request;
    if (failure.kind === 'internal') this.log.error({ err: error, call: call?.id }, 'A call failed in the gateway.');
    if (call === null || call.caller === null) return this.door.turnAway(reply, dialect, failure);
    reply.hijack();
    // A client that left while it was sending has made no call.
    if (!reply.raw.destroyed) this.dispatch.refuse(dialect, call, failure, reply.raw);
  }

  #failureOf(error: FastifyError): Failure {
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return { kind: 'too_large', limit: this.config.maxBodyBytes };
    const status = error.statusCode ?? 500;
    if (status >= 500) return { kind: 'internal' };
    return { kind: 'unreadable', message: `The request cannot be read: ${error.message}.`, param: null };
  }
}

/** Where no operation tells how to answer. */
const dialectOf = ({ headers }: FastifyRequest, { dialect }: Surface): Dialect => dialect ?? dialects[apiOf(headers)];

function notServed(request: FastifyRequest): Failure {
  const path = pathOf(request.url);
  const allowed = request.server.allowedMethods(path);
  if (allowed.length === 0) return unknownPath(request);
  return { kind: 'wrong_method', method: request.method, allowed: allowed.join(', ') };
}
