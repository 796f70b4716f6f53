import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { BoundedContext } from './bounded-context.js';
import type { Settings } from './config/settings.js';
import type { Connections } from './connections.js';
import { PlatformModule } from './platform.module.js';

/** A context at work: one Nest application on one listener. */
export interface HostedContext {
  readonly name: string;
  /** As bound; differs from the configured one where that was 0. */
  readonly port: number;
  readonly app: NestFastifyApplication;
  /** Finishes calls and drains buffers within the deadline, then closes everything it opened. */
  stop(deadlineMs: number): Promise<void>;
}

/**
 * Builds the application of one context, in whatever thread this runs, and listens.
 * @param portIsFree awaited when all but the listener stands: until then the supervisor answers the port
 */
export async function hostContext(
  context: BoundedContext,
  settings: Settings,
  connections: Connections,
  portIsFree: () => Promise<void> = async () => {},
): Promise<HostedContext> {
  const root = {
    module: class HostModule {},
    imports: [PlatformModule.forContext(context, settings, connections, []), context.module],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter(), {
    abortOnError: false,
    logger: false,
  });
  const port = settings.contexts.find(({ name }) => name === context.name)?.port ?? 0;
  await app.init();
  await portIsFree();
  await app.listen(port, settings.host);
  const address = app.getHttpServer().address();
  return {
    name: context.name,
    port: address !== null && typeof address === 'object' ? address.port : port,
    app,
    stop: async () => {
      await app.close();
    },
  };
}
