import type { InjectionToken } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { pino } from 'pino';
import { DataSource } from 'typeorm';
import { ensureFirstAdminKey } from '../../src/platform/auth/first-admin-key.js';
import type { BoundedContext } from '../../src/platform/bounded-context.js';
import { loadConfiguration } from '../../src/platform/config/load.js';
import { migrate } from '../../src/platform/database/migrator.js';
import { storagesOf } from '../../src/platform/database/storages.js';
import { closeEngines, engineProviders, openEngines } from '../../src/platform/engines.js';
import { createAdapter } from '../../src/platform/http/adapter.js';
import { drain } from '../../src/platform/http/drain.js';
import { setUpHttp } from '../../src/platform/http/setup.js';
import { PlatformModule } from '../../src/platform/platform.module.js';
import { instant, type Clock } from '../../src/platform/time.js';
import { CLOCK, LOGGER } from '../../src/platform/tokens.js';
import { makeDataDirectory } from './data-directory.js';
import { createTestDatabase, type TestDatabase } from './postgres.js';

/** 32 bytes. */
const MASTER_KEY = Buffer.alloc(32, 'test').toString('base64');
const STOP_MS = 5_000;

export interface ContextOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Of a fixture that runs on the same database. */
  readonly replicaOf?: ContextFixture;
  /** Instead of the context's own. */
  readonly provided?: ReadonlyMap<InjectionToken, unknown>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

interface StartedContext {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly adminKey: string;
  readonly dataDir: string;
  readonly database: TestDatabase;
  readonly log: readonly string[];
  readonly clock: { now: number | null };
  readonly closings: readonly (() => Promise<void>)[];
}

/** A context on a real database, listening, its jobs and schedules at work. */
export class ContextFixture {
  readonly app: NestFastifyApplication;
  readonly dataSource: DataSource;
  readonly url: string;
  readonly adminKey: string;
  readonly dataDir: string;
  readonly database: TestDatabase;
  /** Every line of the log. */
  readonly log: readonly string[];
  readonly #clock: { now: number | null };
  readonly #closings: readonly (() => Promise<void>)[];

  protected constructor({ app, url, adminKey, dataDir, database, log, clock, closings }: StartedContext) {
    this.app = app;
    this.dataSource = app.get(DataSource, { strict: false });
    this.url = url;
    this.adminKey = adminKey;
    this.dataDir = dataDir;
    this.database = database;
    this.log = log;
    this.#clock = clock;
    this.#closings = closings;
  }

  /** From now on it is this time; null: the real one. */
  setTime(iso: string | null): void {
    this.#clock.now = iso === null ? null : Date.parse(iso);
  }

  /** A call as admin; objects go as JSON, forms as they are. */
  async call(method: string, path: string, body?: object | FormData, headers: object = {}): Promise<Reply> {
    const isForm = body instanceof FormData;
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.adminKey}`,
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : isForm ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = text !== '' && response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  async stop(): Promise<void> {
    for (const close of this.#closings) await close();
  }
}

/** For the constructor of a context's own fixture. */
export async function startContext(context: BoundedContext, options: ContextOptions = {}): Promise<StartedContext> {
  const { environment = {}, replicaOf, provided = new Map() } = options;
  const database = replicaOf?.database ?? (await createTestDatabase());
  const data = await makeDataDirectory();
  await migrate(database.url, storagesOf([context]));
  const registry = { [context.name]: { defaultPort: 8080, load: async () => context } };
  const variables = { OCO_DATA_DIR: data.path, LOG_LEVEL: 'silent', ...environment };
  const { settings } = await loadConfiguration(variables, registry);
  const redisUrl = environment['REDIS_URL'] ?? null;
  const connections = { databaseUrl: database.url, databaseEmbedded: false, redisUrl, masterKeys: [MASTER_KEY] };
  const engines = await openEngines(context, settings, connections);
  const log: string[] = [];
  const set: { now: number | null } = { now: null };
  const clock: Clock = { now: () => instant(set.now ?? Date.now()) };
  const platform = PlatformModule.forContext(context, settings, connections, engineProviders(engines));
  const builder = Test.createTestingModule({ imports: [platform, context.module] })
    .overrideProvider(LOGGER)
    .useValue(pino({ level: 'trace' }, { write: (line) => void log.push(line) }))
    .overrideProvider(CLOCK)
    .useValue(clock);
  for (const [token, value] of provided) builder.overrideProvider(token).useValue(value);
  const testing = await builder.compile();
  const app = testing.createNestApplication<NestFastifyApplication>(createAdapter(), { logger: false });
  setUpHttp(app, context, settings);
  await app.init();
  await engines.jobs.start();
  engines.schedules?.start();
  await app.listen(0, '127.0.0.1');
  let adminKey = replicaOf?.adminKey ?? '';
  const dataSource = app.get(DataSource, { strict: false });
  if (replicaOf === undefined) await ensureFirstAdminKey(dataSource, settings, (key) => (adminKey = key));
  const closings = [
    async () => {
      const draining = drain(app.getHttpServer(), STOP_MS);
      await Promise.all([draining, engines.jobs.stop(STOP_MS), engines.schedules?.stop(STOP_MS)]);
    },
    () => app.close(),
    () => closeEngines(engines, 0),
    async () => (replicaOf === undefined ? database.drop() : undefined),
    () => data.remove(),
  ];
  return { app, url: await app.getUrl(), adminKey, dataDir: data.path, database, log, clock: set, closings };
}
