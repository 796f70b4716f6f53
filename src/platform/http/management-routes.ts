import type {
  FastifyInstance,
  onRequestAsyncHookHandler,
  onSendAsyncHookHandler,
  preHandlerAsyncHookHandler,
  RouteOptions,
} from 'fastify';

/** What is put on a route. */
export interface RouteHooks {
  readonly onRequest?: onRequestAsyncHookHandler;
  readonly preHandler?: preHandlerAsyncHookHandler;
  readonly onSend?: onSendAsyncHookHandler;
}

/**
 * Puts hooks on every management route that is registered from here on. On the routes themselves and not on
 * the server, so that hot ones pay nothing, not even for being asked whether they are hot.
 * @param hooksFor called once for each route; null for none
 */
export function onManagementRoute(
  instance: FastifyInstance,
  hooksFor: (route: RouteOptions) => RouteHooks | null,
): void {
  instance.addHook('onRoute', (route) => {
    if (route.config?.hot === true) return;
    const { onRequest, preHandler, onSend } = hooksFor(route) ?? {};
    // Before the route's own: nothing of a route runs for a caller that is turned away.
    if (onRequest !== undefined) route.onRequest = [onRequest, ...listOf(route.onRequest)];
    if (preHandler !== undefined) route.preHandler = [preHandler, ...listOf(route.preHandler)];
    if (onSend !== undefined) route.onSend = [...listOf(route.onSend), onSend];
  });
}

function listOf<Hook>(hooks: Hook | Hook[] | undefined): Hook[] {
  if (hooks === undefined) return [];
  return Array.isArray(hooks) ? hooks : [hooks];
}

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Whether the route changes something; such calls are audited, and can be made safe to repeat. */
export const isWrite = (route: Pick<RouteOptions, 'method'>): boolean =>
  [route.method].flat().some((method) => WRITES.has(method));
