import { randomUUIDv7 } from 'node:crypto';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { envelopeOf, errorReply } from '../errors/error-reply.js';
import { observingHook, type RequestObserver } from '../metrics/observe-requests.js';
import { rememberRoutes } from './allowed-methods.js';
import { answerClientError } from './client-error.js';
import { watchConnections } from './drain.js';
import { HotPaths, offerHotPaths, type HotHandler } from './hot-paths.js';
import { parseJsonBodies } from './json-body.js';
import { answerNotFound, answerUnknown } from './not-found.js';
import { REQUEST_ID_HEADER } from './request-id.js';
import { createHttpServer } from './server.js';

/** Bodies of management calls. Routes that take more say so (`bodyLimit`). */
const BODY_LIMIT = 1 << 20;
const MAX_PARAMETER_LENGTH = 512;

/** Fastify under Nest, with the limits and the manners of every listener of ours. */
export class HttpAdapter extends FastifyAdapter {
  /** Told of calls that no route takes; those of routes are on the routes. */
  observers: readonly RequestObserver[] = [];

  /** Ours instead of Nest's, which would read forms too. */
  override registerParserMiddleware(): void {
    parseJsonBodies(this.getInstance<FastifyInstance>());
  }

  /** Ours instead of Nest's, which does not know a wrong method from an unknown path. */
  override setNotFoundHandler(): FastifyInstance {
    const instance = this.getInstance<FastifyInstance>();
    answerUnknown(instance, answerNotFound, [observingHook(this.observers)]);
    return instance;
  }
}

/** @returns an adapter without routes; each of those to come is known to `allowedMethods` */
export function createAdapter(observers: readonly RequestObserver[] = []): HttpAdapter {
  const hotPaths = new HotPaths();
  const adapter = new HttpAdapter({
    bodyLimit: BODY_LIMIT,
    serverFactory: (routed: HotHandler) => createHttpServer(hotPaths.before(routed)),
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    // Whoever stands in front can be anybody: addresses in the log are those that connected.
    trustProxy: false,
    requestIdHeader: false,
    genReqId: () => randomUUIDv7(),
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
    // While we stop, calls on open connections are still served (drain.ts).
    return503OnClosing: false,
  });
  adapter.observers = observers;
  offerHotPaths(adapter.getInstance<FastifyInstance>(), hotPaths);
  rememberRoutes(adapter.getInstance<FastifyInstance>());
  watchConnections(adapter.getInstance<FastifyInstance>().server);
  return adapter;
}

/** A path that cannot be decoded, or a parameter that is too long: refused before there is a route. */
function answerFrameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const answer = errorReply(error);
  void reply
    .code(answer.spec.status)
    .header(REQUEST_ID_HEADER, request.id)
    .type('application/json; charset=utf-8')
    .send(envelopeOf(answer));
}
