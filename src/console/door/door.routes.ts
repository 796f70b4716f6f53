import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { REQUEST_ID_HEADER } from '../../platform/http/request-id.js';
import { CONFIG, LOGGER } from '../../platform/tokens.js';
import type { ConsoleConfig } from '../console.config.js';
import { catalogue, contextNames } from '../contexts/catalogue.js';
import { Door } from './door.js';

/** `/api/<context>/…` → the context's own `/…`, so that the page needs one origin only. */
@Injectable()
export class DoorRoutes implements OnModuleInit, OnModuleDestroy {
  private readonly doors: Door[] = [];

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(CONFIG) private readonly config: ConsoleConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    const fastify: FastifyInstance = this.host.httpAdapter.getInstance();
    void fastify.register(async (scope) => {
      // Bodies stay streams: they are the context's to read, and to limit.
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
      for (const name of contextNames) this.open(scope, name);
    });
  }

  onModuleDestroy(): void {
    for (const door of this.doors) door.close();
  }

  private open(scope: FastifyInstance, name: (typeof contextNames)[number]): void {
    const prefix = `/api/${name}`;
    const door = new Door(prefix, catalogue[name].title, this.config.upstreams[name], this.log);
    this.doors.push(door);
    for (const url of [prefix, `${prefix}/*`]) {
      // Hot: the context behind the door checks the key, limits, audits and logs; twice would be wrong.
      scope.all(url, { config: { hot: true } }, async (request, reply) => {
        reply.hijack();
        // The context's own id takes its place where the context answers.
        reply.raw.setHeader(REQUEST_ID_HEADER, request.id);
        await door.pass(request.raw, reply.raw);
      });
    }
  }
}
