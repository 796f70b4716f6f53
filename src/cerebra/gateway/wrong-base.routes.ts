import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { apiOf, dialects } from './caller-api.js';
import { Door } from './door.js';
import { unknownPath } from './unknown-path.js';

/** What clients call whose base URL lacks the version. */
const PATHS = [
  '/chat/completions',
  '/completions',
  '/embeddings',
  '/responses',
  '/messages',
  '/messages/*',
  '/models',
  '/models/*',
];

/** Tells clients with a wrong base URL the right one, in their own shape; without it the management API would answer. */
@Injectable()
export class WrongBaseRoutes implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Door) private readonly door: Door,
  ) {}

  onModuleInit(): void {
    void this.host.httpAdapter.getInstance<FastifyInstance>().register((scope, _options, registered) => {
      for (const path of PATHS) {
        scope.all(path, {
          config: { hot: true },
          // Before the body is read.
          onRequest: (request, reply) =>
            this.door.turnAway(reply, dialects[apiOf(request.headers)], unknownPath(request)),
          handler: () => undefined,
        });
      }
      registered();
    });
  }
}
