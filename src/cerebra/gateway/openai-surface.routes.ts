import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { OpenApiFragments } from '../../platform/http/openapi-fragments.js';
import { CONFIG, LOGGER } from '../../platform/tokens.js';
import type { CerebraConfig } from '../cerebra.config.js';
import { openAiDialect } from '../providers/openai/dialect.js';
import { ChatCompletions } from './chat-completions.js';
import { Door } from './door.js';
import type { Failure } from './failure.js';
import { ModelList } from './model-list.js';
import { openAiSurfacePaths } from './openai-surface.openapi.js';
import { refuse } from './refuse.js';

const CHAT = '/chat/completions';
const MODELS = '/models';
const NO_BODY = Buffer.alloc(0);

/**
 * The OpenAI surface, straight on the context's Fastify instance in a scope of its own: own body parser, own errors,
 * and none of Nest's pipes and guards, which would cost a call four times as much (docs/decisions/005).
 */
@Injectable()
export class OpenAiSurfaceRoutes implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Door) private readonly door: Door,
    @Inject(ChatCompletions) private readonly chat: ChatCompletions,
    @Inject(ModelList) private readonly models: ModelList,
    @Inject(OpenApiFragments) private readonly documentation: OpenApiFragments,
    @Inject(CONFIG) private readonly config: CerebraConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.documentation.add(openAiSurfacePaths);
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    // Not awaited: that would load all plugins now, and later error handlers, Nest's among them, would not count.
    void fastify.register(
      (scope, _options, registered) => {
        this.#register(scope);
        registered();
      },
      { prefix: '/v1' },
    );
  }

  #register(scope: FastifyInstance): void {
    const config = { hot: true };
    const bodyLimit = this.config.maxBodyBytes;
    scope.decorateRequest('call', null);
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, parsed) => parsed(null, body));
    scope.setErrorHandler((error: FastifyError, request, reply) => this.#failed(error, request, reply));
    scope.setNotFoundHandler((request, reply) => this.#answer(reply, notServed(request)));
    scope.post(CHAT, { config, onRequest: this.door.enter }, (request, reply) => this.#serve(request, reply));
    scope.get(MODELS, { config, onRequest: this.door.enter }, (request, reply) => this.#list(request, reply));
  }

  #serve(request: FastifyRequest, reply: FastifyReply): void {
    reply.hijack();
    const { call, body } = request;
    if (call === null || call.caller === null) return this.#answer(reply, { kind: 'unauthorized' });
    const bytes = Buffer.isBuffer(body) ? body : NO_BODY;
    this.chat.serve(call, call.caller, bytes, request.headers, reply.raw);
  }

  async #list(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const caller = request.call?.caller ?? null;
    if (caller === null) {
      this.#answer(reply, { kind: 'unauthorized' });
      return reply;
    }
    return reply.send({ object: 'list', data: await this.models.visibleTo(caller) });
  }

  /** What Fastify could not do: read the body, mostly. */
  #failed(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
    const failure = this.#failureOf(error);
    const { call } = request;
    if (failure.kind === 'internal') this.log.error({ err: error, call: call?.id }, 'A call failed in the gateway.');
    if (call === null || call.caller === null) return this.#answer(reply, failure);
    reply.hijack();
    // A client that left while it was sending has made no call.
    if (!reply.raw.destroyed) this.chat.refuse(call, failure, 'bad_request', reply.raw);
  }

  #failureOf(error: FastifyError): Failure {
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return { kind: 'too_large', limit: this.config.maxBodyBytes };
    const status = error.statusCode ?? 500;
    if (status >= 500) return { kind: 'internal' };
    return { kind: 'unreadable', message: `The request cannot be read: ${error.message}.`, param: null };
  }

  /** To those whom no key names: nothing is recorded. */
  #answer(reply: FastifyReply, failure: Failure): void {
    reply.hijack();
    refuse(reply.raw, openAiDialect, failure, this.door.begin());
  }
}

function notServed(request: FastifyRequest): Failure {
  // Without the query, which may hold a key.
  const path = request.url.split('?', 1)[0] ?? '';
  const allowed = request.server.allowedMethods(path);
  if (allowed.length === 0) return { kind: 'unknown_path', path };
  return { kind: 'wrong_method', method: request.method, allowed: allowed.join(', ') };
}
