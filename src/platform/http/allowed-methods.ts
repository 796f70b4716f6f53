import type { FastifyInstance } from 'fastify';
import { methodsOf, patternOf, type RoutePattern } from './route-patterns.pure.js';

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * The methods that a path has, on raw and other routes alike; for the not-found handlers of raw scopes,
     * which tell an unknown path (404) from a wrong method (405 with `Allow`) in their own shape.
     */
    allowedMethods(path: string): readonly string[];
  }
}

/** Remembers each route from here on. Asked only on the way to a 404, so a list does. */
export function rememberRoutes(instance: FastifyInstance): void {
  const routes: RoutePattern[] = [];
  instance.decorate('allowedMethods', (path: string) => methodsOf(routes, path));
  instance.addHook('onRoute', ({ url, method }) => {
    routes.push(patternOf(url, typeof method === 'string' ? [method] : method));
  });
}
