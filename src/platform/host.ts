import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { BoundedContext } from './bounded-context.js';
import type { Settings } from './config/settings.js';
import type { Connections } from './connections.js';
import { closeEngines, engineProviders, openEngines, type Engines } from './engines.js';
import { createAdapter } from './http/adapter.js';
import { drain } from './http/drain.js';
import { setUpHttp } from './http/setup.js';
import { logRequests } from './logging/request-log.js';
import { NestLogger } from './logging/nest-logger.js';
import { observeRequests } from './metrics/observe-requests.js';
import { measureRequests } from './metrics/request-durations.js';
import { PlatformModule } from './platform.module.js';

/** A context at work: one Nest application on one listener. */
export interface HostedContext {
  readonly name: string;
  /** As bound; differs from the configured one where that was 0. */
  readonly port: number;
  readonly app: NestFastifyApplication;
  /** Finishes calls and jobs within the deadline, drains buffers, then closes everything it opened. */
  stop(deadlineMs: number): Promise<void>;
}

/** What telemetry may take at the end; an absent collector must not hold up the stop. */
const LAST_EXPORT_MS = 2_000;

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
  const engines = await openEngines(context, settings, connections);
  let app: NestFastifyApplication | null = null;
  try {
    const built = await build(context, settings, connections, engines);
    app = built;
    await built.init();
    await engines.jobs.start();
    engines.schedules?.start();
    await portIsFree();
    const port = await listen(built, context, settings);
    return { name: context.name, port, app: built, stop: (deadlineMs) => stop(built, engines, deadlineMs) };
  } catch (error) {
    // Without a thread that ends with it, what its providers started would go on beside the next attempt.
    await app?.close().catch((closing: unknown) => engines.log.debug({ err: closing }, 'while giving up the start'));
    await Promise.all([engines.jobs.stop(0), engines.schedules?.stop(0)]);
    await closeEngines(engines, 0);
    throw error;
  }
}

async function build(
  context: BoundedContext,
  settings: Settings,
  connections: Connections,
  engines: Engines,
): Promise<NestFastifyApplication> {
  const root = {
    module: class HostModule {},
    imports: [PlatformModule.forContext(context, settings, connections, engineProviders(engines)), context.module],
  };
  const { log, registry, telemetry } = engines;
  const observers = [measureRequests(registry), logRequests(log), ...telemetry.observers];
  const app = await NestFactory.create<NestFastifyApplication>(root, createAdapter(observers), {
    abortOnError: false,
    logger: new NestLogger(log),
  });
  setUpHttp(app, context, settings);
  // Last, and so outermost: a caller that is turned away at the door is counted too.
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  observeRequests(fastify, observers);
  return app;
}

async function listen(app: NestFastifyApplication, context: BoundedContext, settings: Settings): Promise<number> {
  const port = settings.contexts.find(({ name }) => name === context.name)?.port ?? 0;
  await app.listen(port, settings.host);
  const address = app.getHttpServer().address();
  return address !== null && typeof address === 'object' ? address.port : port;
}

async function stop(app: NestFastifyApplication, engines: Engines, deadlineMs: number): Promise<void> {
  engines.health.markStopping();
  const [cut] = await Promise.all([
    drain(app.getHttpServer(), deadlineMs),
    engines.jobs.stop(deadlineMs),
    engines.schedules?.stop(deadlineMs),
  ]);
  if (cut > 0) engines.log.warn({ connections: cut }, 'calls were cut off, because they did not end in time');
  await app.close();
  await closeEngines(engines, LAST_EXPORT_MS);
}
