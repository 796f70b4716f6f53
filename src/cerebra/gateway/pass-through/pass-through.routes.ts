import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { CONFIG } from '../../../platform/tokens.js';
import type { CerebraConfig } from '../../cerebra.config.js';
import { ProviderTable } from '../../providers/provider-table.js';
import type { Call } from '../call.js';
import { apiOf, dialects } from '../caller-api.js';
import { Dispatch } from '../dispatch.js';
import { Door } from '../door.js';
import type { Failure } from '../failure.js';
import { ownCredential } from '../presented-key.pure.js';
import { pathOf, queryFor } from '../query.pure.js';
import { Reception } from '../reception.js';
import { meteredOperation, modelIn } from './metered.js';
import { PassThrough, type PassedRequest } from './pass-through.js';
import { belowRoot, PASS_THROUGH_PREFIXES, passedPath } from './passed-path.pure.js';
import { readBody } from './read-body.js';

/** `…/proxy/{provider}/*`, any method and any path: to the provider as it came, and back. */
@Injectable()
export class PassThroughRoutes implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Door) private readonly door: Door,
    @Inject(ProviderTable) private readonly providers: ProviderTable,
    @Inject(Dispatch) private readonly dispatch: Dispatch,
    @Inject(Reception) private readonly reception: Reception,
    @Inject(PassThrough) private readonly passThrough: PassThrough,
    @Inject(CONFIG) private readonly config: CerebraConfig,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    void fastify.register((scope, _options, registered) => {
      // Bodies stay streams: most of them are only carried.
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload));
      const onRequest = this.door.into(({ headers }) => dialects[apiOf(headers)]);
      for (const prefix of PASS_THROUGH_PREFIXES) {
        scope.all(`${prefix}/*`, { config: { hot: true }, onRequest }, (request, reply) => this.#web(request, reply));
      }
      registered();
    });
    fastify.server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  #web(request: FastifyRequest, reply: FastifyReply): void {
    const { call, headers, raw, url } = request;
    reply.hijack();
    const passed = call === null ? null : this.#passed(call, url, headers, request.query);
    if (call === null || passed === null) {
      const failure: Failure = { kind: 'unknown_path', path: pathOf(url) };
      return this.door.turnAway(reply, dialects[apiOf(headers)], failure);
    }
    const operation = meteredOperation(passed.provider.api, request.method, passed.path);
    if (operation === null) return this.passThrough.web(passed, raw, reply.raw);
    const { caller, credential, provider, path, query } = passed;
    const destination = { provider, path: path + query };
    void readBody(raw, this.config.maxBodyBytes).then((body) => {
      if (body === undefined) return;
      const received = { caller, headers, credential, query, named: modelIn(path), destination };
      if (Buffer.isBuffer(body)) this.reception.take(operation, call, { ...received, body }, reply.raw);
      else this.dispatch.refuse(operation.dialect, call, body, reply.raw);
    });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = request.url ?? '';
    const { headers } = request;
    const shown = { key: new URL(url, 'http://gateway').searchParams.get('key') };
    const call = this.door.begin(headers, shown);
    const passed = this.#passed(call, url, headers, shown);
    const failure =
      this.door.objection(call, headers) ??
      (passed === null || !(socket instanceof Socket)
        ? ({ kind: 'unknown_path', path: pathOf(url) } as const)
        : this.passThrough.upgrade(passed, request, socket, head));
    if (failure === null) return;
    const { status, body } = dialects[apiOf(headers)].refusal(failure, call.id);
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\nconnection: close\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }

  /** @returns null when it leads nowhere */
  #passed(call: Call, url: string, headers: IncomingHttpHeaders, shown: unknown): PassedRequest | null {
    const target = passedPath(pathOf(url));
    const provider = target === null ? null : this.providers.named(target.provider);
    const { caller } = call;
    if (caller === null || target === null || provider === null || provider.address === null) return null;
    const { address } = provider;
    const credential = ownCredential(caller, headers, shown);
    if (provider.needsOwnKey && credential === null) return null;
    const path = belowRoot(target.path, address.root);
    return { call, caller, credential, provider, address, path, query: queryFor(url) };
  }
}
