import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { onManagementRoute } from '../http/management-routes.js';

export interface RequestEnding {
  /** 499 where the caller left before the head of the reply. */
  readonly status: number;
  readonly seconds: number;
  /** The caller left before the end of the reply. */
  readonly aborted: boolean;
}

/** Told when a management request begins; what it returns is called once, when the reply or the connection has ended. */
export type RequestObserver = (request: FastifyRequest) => (ending: RequestEnding) => void;

const CLIENT_CLOSED_REQUEST = 499;

/**
 * Watches every management route that is registered from now on. Installed after all other hooks of the platform,
 * it runs before them, and so sees those that they turn away.
 */
export function observeRequests(fastify: FastifyInstance, observers: readonly RequestObserver[]): void {
  const onRequest = observingHook(observers);
  onManagementRoute(fastify, () => ({ onRequest }));
}

/** Also for the handler of unknown paths, which is no route. */
export function observingHook(observers: readonly RequestObserver[]): onRequestAsyncHookHandler {
  return async (request, reply) => {
    const start = performance.now();
    const endings = observers.map((observe) => observe(request));
    // 'close' comes in every ending; Fastify's onResponse hook does not when the caller goes away.
    reply.raw.once('close', () => {
      const ending = endingOf(reply, (performance.now() - start) / 1_000);
      for (const end of endings) end(ending);
    });
  };
}

function endingOf(reply: FastifyReply, seconds: number): RequestEnding {
  const { raw } = reply;
  const status = raw.headersSent ? raw.statusCode : CLIENT_CLOSED_REQUEST;
  return { status, seconds, aborted: !raw.writableFinished };
}

/** The template of the route, never the path itself: paths are without bound and may hold secrets. */
export const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? 'unknown';

/** Probes and scrapes come every few seconds and say nothing. */
export const isProbe = (route: string): boolean => /^\/(?:health(?:\/|$)|metrics$)/.test(route);
