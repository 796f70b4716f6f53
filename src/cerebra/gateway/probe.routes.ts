import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

/** `GET` and `HEAD` of `/`: tools probe their base URL before they work, without a key. */
@Injectable()
export class ProbeRoutes implements OnModuleInit {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.get('/', { config: { hot: true } }, (_request, reply) => reply.send({ service: 'cerebra' }));
  }
}
