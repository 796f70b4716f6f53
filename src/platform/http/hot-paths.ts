import type { FastifyInstance } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers on `response` by itself; never throws. */
export type HotHandler = (request: IncomingMessage, response: ServerResponse) => void;

declare module 'fastify' {
  interface FastifyInstance {
    readonly hotPaths: HotPaths;
  }
}

/**
 * POSTs that go straight to their handler, past Fastify's routing, hooks and objects. A shortcut and no more: each is
 * a route as well, which takes what is not written exactly so, such as a path with a query.
 */
export class HotPaths {
  readonly #handlers = new Map<string, HotHandler>();

  post(path: string, handler: HotHandler): void {
    this.#handlers.set(path, handler);
  }

  /** @param routed takes all else */
  before(routed: HotHandler): HotHandler {
    return (request, response) => {
      const { method, url } = request;
      const hot = method === 'POST' && url !== undefined ? this.#handlers.get(url) : undefined;
      (hot ?? routed)(request, response);
    };
  }
}

/** Makes them known to those who have routes. */
export function offerHotPaths(instance: FastifyInstance, hotPaths: HotPaths): void {
  instance.decorate('hotPaths', hotPaths);
}
