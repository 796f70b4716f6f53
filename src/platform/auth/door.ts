import type { FastifyInstance, onRequestAsyncHookHandler, RouteOptions } from 'fastify';
import type { Settings } from '../config/settings.js';
import { AppError } from '../errors/app-error.js';
import { platformErrors } from '../errors/platform.errors.js';
import { onManagementRoute } from '../http/management-routes.js';
import { REQUEST_ID_HEADER } from '../http/request-id.js';
import type { Access } from '../http/route-config.js';
import type { AccessKeys } from './access-keys.js';
import { mayAct, type Principal, type Role } from './principal.js';

type OpenPages = Pick<Settings, 'publicDocs' | 'publicMetrics'>;

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Puts a door before every route that is registered from here on, Nest's, Swagger's and raw ones alike, but
 * for the hot path. What says nothing else is closed: a viewer's key reads, an operator's writes.
 * The door stands before the body is read, so strangers cost little.
 */
export function guardRoutes(instance: FastifyInstance, accessKeys: AccessKeys, module: string, open: OpenPages): void {
  instance.decorateRequest('principal', null);
  onManagementRoute(instance, (route) => ({ onRequest: doorOf(accessOf(route, open), accessKeys, module) }));
}

/** Decided once, when the route is registered. */
export function accessOf(route: Pick<RouteOptions, 'url' | 'method' | 'config'>, open: OpenPages): Access {
  if (route.config?.access !== undefined) return route.config.access;
  if (route.url === '/metrics') return open.publicMetrics ? 'public' : 'viewer';
  if (/^\/docs(?:[-/.]|$)/.test(route.url)) return open.publicDocs ? 'public' : 'viewer';
  const methods = [route.method].flat();
  return methods.every((method) => READS.has(method)) ? 'viewer' : 'operator';
}

function doorOf(access: Access, accessKeys: AccessKeys, module: string): onRequestAsyncHookHandler {
  if (access === 'public') {
    return async (request, reply) => {
      reply.header(REQUEST_ID_HEADER, request.id);
    };
  }
  return async (request, reply) => {
    reply.header(REQUEST_ID_HEADER, request.id);
    const { authorization } = request.headers;
    const principal = await accessKeys.authenticate(authorization);
    if (principal === null) throw unauthorized(authorization !== undefined);
    request.principal = principal;
    if (!mayAct(principal, access, module)) throw forbidden(principal, access, module);
  };
}

const unauthorized = (sentOne: boolean): AppError =>
  new AppError(
    platformErrors.unauthorized,
    sentOne
      ? 'The access key is not valid: it is unknown, expired or revoked.'
      : 'This needs an access key: send Authorization: Bearer <key>.',
    {},
    { headers: { 'www-authenticate': 'Bearer realm="open-cloud-ops"' } },
  );

const forbidden = (principal: Principal, role: Role, module: string): AppError =>
  new AppError(
    platformErrors.forbidden,
    principal.modules !== null && !principal.modules.includes(module)
      ? `Your access key is not for ${module}.`
      : `This needs the role ${role}; your access key has ${principal.role}.`,
  );
