import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../platform/errors/app-error.js';
import { platformErrors } from '../platform/errors/platform.errors.js';
import { CONFIG } from '../platform/tokens.js';
import type { EconomistConfig } from './economist.config.js';

/** A worker's cores are for its jobs: business calls are told to go elsewhere; probes and metrics are answered. */
@Injectable()
export class RoleGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: EconomistConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const { routeOptions } = context.switchToHttp().getRequest<FastifyRequest>();
    if (this.config.role !== 'worker' || routeOptions.url?.startsWith('/api/') !== true) return true;
    throw new AppError(
      platformErrors.unavailable,
      'This replica works on jobs only (ECONOMIST_ROLE=worker); ask one whose role is all or api.',
    );
  }
}
