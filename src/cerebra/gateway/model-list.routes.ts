import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../providers/dialect.js';
import type { ListedModel } from '../providers/upstream.js';
import { apiOf, dialects } from './caller-api.js';
import { Door } from './door.js';
import { ModelList } from './model-list.js';
import { ownCredential } from './presented-key.pure.js';

/** Where models are listed, and for whose clients; null: their headers tell. */
const PATHS: Readonly<Record<string, Api | null>> = {
  '/v1/models': null,
  '/anthropic/v1/models': 'anthropic',
  '/v1beta/models': 'gemini',
  '/gemini/v1beta/models': 'gemini',
  '/gemini/v1/models': 'gemini',
};

/** The lists of models: raw like the surfaces, so that they are entered by their door and answer in their shapes. */
@Injectable()
export class ModelListRoutes implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Door) private readonly door: Door,
    @Inject(ModelList) private readonly models: ModelList,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    for (const [path, fixed] of Object.entries(PATHS)) {
      const options = {
        config: { hot: true },
        onRequest: this.door.into((request) => dialects[fixed ?? apiOf(request.headers)]),
      };
      fastify.get(path, options, (request, reply) => this.#list(fixed ?? apiOf(request.headers), request, reply));
    }
  }

  async #list(api: Api, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const caller = request.call?.caller ?? null;
    if (caller === null) {
      this.door.turnAway(reply, dialects[api], { kind: 'unauthorized' });
      return reply;
    }
    const credential = ownCredential(caller, request.headers, request.query);
    return reply.send(toList(api, await this.models.visibleTo(caller, credential, api)));
  }
}

function toList(api: Api, models: readonly ListedModel[]): object {
  const entries = models.map(({ entry }) => entry);
  switch (api) {
    case 'openai':
      return { object: 'list', data: entries };
    case 'anthropic':
      return { data: entries, has_more: false, first_id: models[0]?.id ?? null, last_id: models.at(-1)?.id ?? null };
    case 'gemini':
      return { models: entries };
    default:
      return api satisfies never;
  }
}
