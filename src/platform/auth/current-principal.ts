import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; null on public routes, on hot ones, and before the key was checked. */
    principal: Principal | null;
  }
}

/** The {@link Principal} of the call, as a controller's parameter; only for routes that need a key. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
  if (principal === null) throw new Error('CurrentPrincipal stands on a route that is open to everyone.');
  return principal;
});
