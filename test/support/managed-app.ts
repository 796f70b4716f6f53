import {
  Body,
  Controller,
  Delete,
  Get,
  Inject,
  Injectable,
  Module,
  Param,
  Post,
  Query,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import { SchedulerRegistry } from '@nestjs/schedule';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { platformStorage } from '../../migrations/platform/index.js';
import { ensureFirstAdminKey } from '../../src/platform/auth/first-admin-key.js';
import { Public, RequireRole } from '../../src/platform/auth/access.js';
import { defineContext } from '../../src/platform/bounded-context.js';
import { platformConfig } from '../../src/platform/config/platform.config.js';
import { toSettings, type Settings } from '../../src/platform/config/settings.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { migrate } from '../../src/platform/database/migrator.js';
import { HealthRegistry } from '../../src/platform/health/health-registry.js';
import { createAdapter } from '../../src/platform/http/adapter.js';
import { ApiReply } from '../../src/platform/http/api-reply.js';
import { answerUnknown } from '../../src/platform/http/not-found.js';
import { OpenApiFragments } from '../../src/platform/http/openapi-fragments.js';
import { setUpHttp } from '../../src/platform/http/setup.js';
import { PostgresScheduleSlots } from '../../src/platform/jobs/schedule-slots.js';
import { Schedules } from '../../src/platform/jobs/schedules.js';
import { PlatformModule } from '../../src/platform/platform.module.js';
import { systemClock } from '../../src/platform/time.js';
import { LOGGER } from '../../src/platform/tokens.js';
import { createTestDatabase } from './postgres.js';

const createWidget = z
  .strictObject({ name: z.string().min(1), limit_usd: z.number().positive().optional() })
  .meta({ id: 'CreateWidget' });
const widget = z.object({ id: z.string(), name: z.string(), secret: z.string() }).meta({ id: 'Widget' });
const widgetsQuery = z.strictObject({ scope: z.enum(['own', 'all']).optional() });

/** What a test lets happen inside of a call, and how often it did. */
@Injectable()
export class WidgetWork {
  made = 0;
  next: () => Promise<void> = async () => {};
}

@Controller('api/v1/widgets')
class WidgetsController {
  constructor(@Inject(WidgetWork) private readonly work: WidgetWork) {}

  @Get()
  @ApiReply(200, z.object({ widgets: z.array(widget) }))
  list(@Query({ schema: widgetsQuery }) _query: z.output<typeof widgetsQuery>): object {
    return { widgets: [] };
  }

  @Post()
  @ApiReply(201, widget)
  async create(@Body({ schema: createWidget }) body: z.output<typeof createWidget>): Promise<object> {
    this.work.made += 1;
    await this.work.next();
    return { id: `w${this.work.made}`, name: body.name, secret: `s3cret-${this.work.made}` };
  }

  @Delete(':id')
  @ApiReply(204)
  remove(@Param('id') _id: string): void {
    this.work.made += 1;
  }

  @Get('failing')
  failing(): never {
    throw new Error('the password is hunter2');
  }

  @RequireRole('admin')
  @Get('vault')
  vault(): object {
    return {};
  }

  @Public()
  @Get('open')
  open(): object {
    return {};
  }
}

/** Raw routes: a hot scope with its own shape of errors, and a management route beside Nest. */
@Injectable()
class RawRoutes implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(OpenApiFragments) private readonly fragments: OpenApiFragments,
  ) {}

  onModuleInit(): void {
    const instance: FastifyInstance = this.host.httpAdapter.getInstance();
    instance.register(
      async (scope) => {
        answerUnknown(scope, (request, reply) =>
          reply.code(404).send({ own_shape: scope.allowedMethods(request.url) }),
        );
        scope.post('/complete', { config: { hot: true } }, () => ({ hot: true }));
      },
      { prefix: '/v1' },
    );
    instance.post('/api/v1/raw', () => ({ id: 'raw' }));
    instance.get('/api/v1/drip', { config: { access: 'public' } }, (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/plain' });
      let sent = 0;
      const timer = setInterval(() => {
        reply.raw.write(`${(sent += 1)}\n`);
        if (sent < 10) return;
        clearInterval(timer);
        reply.raw.end('end');
      }, 30);
      reply.raw.on('close', () => clearInterval(timer));
    });
    this.fragments.add({ '/v1/complete': { post: { summary: 'Hot', responses: { 200: { description: 'Done' } } } } });
  }
}

@Module({ controllers: [WidgetsController], providers: [RawRoutes, WidgetWork] })
class WidgetsModule {}

export const widgets = defineContext({
  name: 'widgets',
  title: 'Widgets',
  description: 'A context for tests',
  config: z.object({}),
  storage: { schema: 'widgets', entities: [], migrations: [] },
  errors: {},
  module: WidgetsModule,
});

export interface ManagedApp {
  readonly app: NestFastifyApplication;
  readonly dataSource: DataSource;
  readonly databaseUrl: string;
  readonly url: string;
  /** Of the first start. */
  readonly adminKey: string;
  readonly log: readonly string[];
  /** A call with a JSON body; as admin unless another key, or null for none, is given. */
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  stop(): Promise<void>;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export const testSettings = (changes: Partial<Settings> = {}): Settings => ({
  ...toSettings(platformConfig.parse({}), [{ name: 'widgets', port: 0, config: {} }], false),
  ...changes,
});

/** One context with all of the management API, on a database of its own, or on one that another replica has. */
export async function startManagedApp(changes: Partial<Settings> = {}, replicaOf?: ManagedApp): Promise<ManagedApp> {
  const database = replicaOf === undefined ? await createTestDatabase() : null;
  const databaseUrl = replicaOf?.databaseUrl ?? database?.url ?? '';
  await migrate(databaseUrl, [platformStorage]);
  const dataSource = await createDataSource({
    url: databaseUrl,
    name: 'widgets',
    storage: platformStorage,
  }).initialize();
  const settings = testSettings(changes);
  let adminKey = replicaOf?.adminKey ?? '';
  await ensureFirstAdminKey(dataSource, settings, (key) => (adminKey = key));
  const log: string[] = [];
  const connections = { databaseUrl, databaseEmbedded: false, redisUrl: null, masterKeys: settings.masterKeys };
  const engines = [
    { provide: DataSource, useValue: dataSource },
    { provide: LOGGER, useValue: pino({}, { write: (line: string) => void log.push(line) }) },
    { provide: HealthRegistry, useValue: new HealthRegistry(widgets.name) },
    { provide: Registry, useValue: new Registry() },
    { provide: Schedules, useValue: idleSchedules(dataSource) },
  ];
  @Module({ imports: [PlatformModule.forContext(widgets, settings, connections, engines), WidgetsModule] })
  class Root {}
  const app = await NestFactory.create<NestFastifyApplication>(Root, createAdapter(), {
    logger: false,
    abortOnError: false,
  });
  setUpHttp(app, widgets, settings);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    app,
    dataSource,
    databaseUrl,
    url,
    adminKey,
    log,
    call: (method, path, options = {}) => call(url + path, method, { key: adminKey, ...options }),
    stop: async () => {
      await app.close();
      await dataSource.destroy();
      await database?.drop();
    },
  };
}

/** They can be added to, and never fire: they are not started. */
const idleSchedules = (dataSource: DataSource): Schedules =>
  new Schedules({
    slots: new PostgresScheduleSlots(widgets.name, dataSource),
    triggers: new SchedulerRegistry(),
    clock: systemClock,
    log: pino({ level: 'silent' }),
  });

async function call(url: string, method: string, options: CallOptions): Promise<Reply> {
  const { body, key = null } = options;
  const response = await fetch(url, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    body: typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = text !== '' && response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
