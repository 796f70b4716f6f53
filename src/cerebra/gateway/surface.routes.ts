import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { answerUnknown } from '../../platform/http/not-found.js';
import { OpenApiFragments } from '../../platform/http/openapi-fragments.js';
import { LOGGER } from '../../platform/tokens.js';
import type { Dialect } from '../providers/dialect.js';
import { geminiDialect } from '../providers/gemini/dialect.js';
import { apiOf, dialects } from './caller-api.js';
import { Door } from './door.js';
import type { Failure } from './failure.js';
import { pathOf } from './query.pure.js';
import { SurfaceEntrance } from './surface-entrance.js';
import { surfacePaths, surfaceSecurity } from './surface.openapi.js';
import { surfaces, type Surface } from './surfaces.js';
import { unknownPath } from './unknown-path.js';

/**
 * The surfaces, straight on the context's Fastify instance in scopes of their own: own errors, and none of Nest's pipes
 * and guards, which would cost a call four times as much (docs/decisions/005). Fastify only finds the route; what is
 * written just like one does not even need that.
 */
@Injectable()
export class SurfaceRoutes implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Door) private readonly door: Door,
    @Inject(SurfaceEntrance) private readonly entrance: SurfaceEntrance,
    @Inject(OpenApiFragments) private readonly documentation: OpenApiFragments,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.documentation.add(surfacePaths, surfaceSecurity);
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
    scope.setErrorHandler((error: FastifyError, request, reply) => this.#failed(error, request, reply, surface));
    answerUnknown(scope, (request, reply) =>
      this.door.turnAway(reply, dialectOf(request, surface), notServed(request)),
    );
    for (const [path, operation] of Object.entries(surface.operations)) {
      const { dialect } = operation;
      const asked = { operation, named: '', query: undefined };
      this.#take(scope, path, dialect, (request, reply) => {
        this.entrance.enter({ ...asked, query: request.query }, request.raw, reply.raw);
      });
      scope.hotPaths.post(scope.prefix + path, (request, reply) => this.entrance.enter(asked, request, reply));
    }
    if (Object.keys(surface.actions).length > 0) this.#openActions(scope, surface.actions);
  }

  /** Their paths name the model and what is asked of it. */
  #openActions(scope: FastifyInstance, actions: Surface['actions']): void {
    const byName = new Map(Object.entries(actions));
    const root = `${scope.prefix}/models/`.length;
    this.#take(scope, '/models/*', geminiDialect, (request, reply) => {
      const path = pathOf(request.url);
      const colon = path.lastIndexOf(':');
      const operation = byName.get(path.slice(colon + 1));
      if (operation === undefined) return this.door.turnAway(reply, geminiDialect, unknownPath(request));
      const named = path.slice(root, colon);
      this.entrance.enter({ operation, named, query: request.query }, request.raw, reply.raw);
    });
  }

  /** A route that is taken over before Fastify reads the body. */
  #take(
    scope: FastifyInstance,
    path: string,
    dialect: Dialect,
    take: (request: FastifyRequest, reply: FastifyReply) => void,
  ): void {
    const onRequest = (request: FastifyRequest, reply: FastifyReply): void => {
      reply.hijack();
      take(request, reply);
    };
    scope.post(path, { config: { hot: true, dialect }, onRequest }, () => undefined);
  }

  #failed(error: FastifyError, request: FastifyRequest, reply: FastifyReply, surface: Surface): void {
    this.log.error({ err: error }, 'A call failed in the gateway.');
    const dialect = request.routeOptions.config.dialect ?? dialectOf(request, surface);
    this.door.turnAway(reply, dialect, { kind: 'internal' });
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
