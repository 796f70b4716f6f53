import 'reflect-metadata';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants';
import type { Access } from '../http/route-config.js';
import type { Role } from './principal.js';

/** Opens a route, or every route of a controller, to callers without a key. */
export const Public = (): ClassDecorator & MethodDecorator => access('public');

/** The least role for a route, or for every route of a controller that says nothing else. */
export const RequireRole = (role: Role): ClassDecorator & MethodDecorator => access(role);

/** Kept in the route's own configuration, where the door reads it once, when the route is registered. */
function access(value: Access): ClassDecorator & MethodDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor) => {
    if (descriptor !== undefined) {
      put(descriptor.value, value);
      return;
    }
    if (typeof target !== 'function') return;
    for (const { value: method } of Object.values(Object.getOwnPropertyDescriptors(target.prototype))) {
      if (isMethod(method) && configOf(method)['access'] === undefined) put(method, value);
    }
  };
}

const isMethod = (value: unknown): value is () => unknown => typeof value === 'function';

function put(method: unknown, value: Access): void {
  if (!isMethod(method)) return;
  Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG_METADATA, { ...configOf(method), access: value }, method);
}

function configOf(method: object): Record<string, unknown> {
  const config: unknown = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, method);
  return typeof config === 'object' && config !== null ? { ...config } : {};
}
