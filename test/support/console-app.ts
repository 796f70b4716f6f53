import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConsoleModule } from '../../src/console/console.module.js';
import type { ConsoleConfig } from '../../src/console/console.config.js';
import { createAdapter } from '../../src/platform/http/adapter.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { CONFIG, LOGGER, SETTINGS } from '../../src/platform/tokens.js';

export interface RunningConsole {
  readonly app: NestFastifyApplication;
  readonly url: string;
}

/** An address on which nobody listens. */
export const NOBODY = 'http://127.0.0.1:1';

/** The console alone, towards the upstreams of a test. */
export async function startConsole(
  upstreams: Partial<ConsoleConfig['upstreams']>,
  { loopback = true }: { loopback?: boolean } = {},
): Promise<RunningConsole> {
  const config = { upstreams: { cerebra: NOBODY, economist: NOBODY, aegis: NOBODY, ...upstreams } };
  const providers = [
    { provide: CONFIG, useValue: config },
    { provide: SETTINGS, useValue: { loopback } },
    { provide: LOGGER, useValue: createLogger({ logLevel: 'silent', logFormat: 'json' }, 'console') },
  ];
  @Global()
  @Module({ providers, exports: providers })
  class PlatformStandIn {}
  @Module({ imports: [PlatformStandIn, ConsoleModule] })
  class Root {}
  const app = await NestFactory.create<NestFastifyApplication>(Root, createAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl() };
}

export type UpstreamListener = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface Upstream {
  readonly url: string;
  readonly server: Server;
  readonly stop: () => Promise<void>;
}

/** A context as the console sees it: something that answers HTTP. */
export async function startUpstream(listener: UpstreamListener, port = 0): Promise<Upstream> {
  const server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    server,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers every path like the `/health` of a context. */
export const healthy =
  (facts: object = {}, status = 200): UpstreamListener =>
  (_request, response) => {
    const body = { status: 'ok', service: 'x', version: '1.2.3', uptime_seconds: 3_725, dependencies: {}, ...facts };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
