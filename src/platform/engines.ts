import type { Provider } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import type { BoundedContext } from './bounded-context.js';
import type { Settings } from './config/settings.js';
import type { Connections } from './connections.js';
import { createDataSource } from './database/data-source.js';
import { HealthRegistry } from './health/health-registry.js';
import { createJobQueue } from './jobs/create-job-queue.js';
import { JobQueue } from './jobs/job-queue.js';
import { PostgresScheduleSlots } from './jobs/schedule-slots.js';
import { Schedules } from './jobs/schedules.js';
import { createLogger } from './logging/logger.js';
import { createRegistry } from './metrics/registry.js';
import { checkRedis, connectRedis, untilReady } from './redis/redis.js';
import { systemClock } from './time.js';
import { LOGGER, TRACER } from './tokens.js';
import { startTelemetry, type Telemetry } from './tracing/telemetry.js';

/** What a context's application runs on, opened before it is built and closed after it. */
export interface Engines {
  readonly log: Logger;
  readonly registry: Registry;
  readonly health: HealthRegistry;
  readonly telemetry: Telemetry;
  /** Null for a context that stores nothing. */
  readonly dataSource: DataSource | null;
  readonly redis: Redis | null;
  readonly jobs: JobQueue;
  /** Null where there is no database to claim slots in. */
  readonly schedules: Schedules | null;
}

export async function openEngines(
  context: BoundedContext,
  settings: Settings,
  connections: Connections,
): Promise<Engines> {
  const log = createLogger(settings, context.name);
  const registry = createRegistry(context.name);
  const health = new HealthRegistry(context.name);
  const dataSource = await openDatabase(context, connections, health);
  const redis = await openRedis(context, connections, health, log);
  const jobs = createJobQueue({ context: context.name, connections, log });
  if (context.storage !== undefined)
    health.register({ name: 'jobs', requiredFor: 'health', check: () => jobs.check() });
  const telemetry = await startTelemetry(settings, context.name, registry, log);
  const schedules = dataSource === null ? null : schedulesOf(context, dataSource, log);
  return { log, registry, health, telemetry, dataSource, redis, jobs, schedules };
}

/** After the application, which may still write while it closes. */
export async function closeEngines(engines: Engines, telemetryDeadlineMs: number): Promise<void> {
  engines.redis?.disconnect();
  await engines.dataSource?.destroy();
  await engines.telemetry.shutdown(telemetryDeadlineMs);
  engines.registry.clear();
}

/** The engines as the application's providers. */
export function engineProviders(engines: Engines): Provider[] {
  return [
    { provide: LOGGER, useValue: engines.log },
    { provide: Registry, useValue: engines.registry },
    { provide: HealthRegistry, useValue: engines.health },
    { provide: TRACER, useValue: engines.telemetry.tracer },
    { provide: JobQueue, useValue: engines.jobs },
    ...(engines.dataSource === null ? [] : [{ provide: DataSource, useValue: engines.dataSource }]),
    ...(engines.schedules === null ? [] : [{ provide: Schedules, useValue: engines.schedules }]),
  ];
}

async function openDatabase(
  context: BoundedContext,
  connections: Connections,
  health: HealthRegistry,
): Promise<DataSource | null> {
  const { name, storage } = context;
  if (storage === undefined) return null;
  const dataSource = await createDataSource({ url: connections.databaseUrl, name, storage }).initialize();
  health.register({
    name: 'database',
    requiredFor: storage.servesWithout === true ? 'health' : 'readiness',
    check: async () => void (await dataSource.query('SELECT 1')),
  });
  return dataSource;
}

async function openRedis(
  context: BoundedContext,
  connections: Connections,
  health: HealthRegistry,
  log: Logger,
): Promise<Redis | null> {
  if (connections.redisUrl === null || context.storage === undefined) return null;
  const redis = connectRedis(connections.redisUrl, { name: context.name, log });
  health.register({ name: 'redis', requiredFor: 'health', check: () => checkRedis(redis) });
  // Connecting goes on in the background: a Redis that is away at start is an outage like any other.
  await untilReady(redis).catch(() => undefined);
  return redis;
}

const schedulesOf = (context: BoundedContext, dataSource: DataSource, log: Logger): Schedules =>
  new Schedules({
    slots: new PostgresScheduleSlots(context.name, dataSource),
    triggers: new SchedulerRegistry(),
    clock: systemClock,
    log,
  });
