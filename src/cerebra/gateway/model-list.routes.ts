import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { openAiDialect } from '../providers/openai/dialect.js';
import { Door } from './door.js';
import { ModelList } from './model-list.js';

/** `GET /v1/models`: raw like the surfaces, so that it is entered by their door and answers in their shape. */
@Injectable()
export class ModelListRoutes implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Door) private readonly door: Door,
    @Inject(ModelList) private readonly models: ModelList,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    const options = { config: { hot: true }, onRequest: this.door.into(openAiDialect) };
    fastify.get('/v1/models', options, (request, reply) => this.#list(request, reply));
  }

  async #list(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const caller = request.call?.caller ?? null;
    if (caller === null) {
      this.door.turnAway(reply, openAiDialect, { kind: 'unauthorized' });
      return reply;
    }
    return reply.send({ object: 'list', data: await this.models.visibleTo(caller) });
  }
}
