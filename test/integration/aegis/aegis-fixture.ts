import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { pino } from 'pino';
import { DataSource } from 'typeorm';
import { aegis } from '../../../src/aegis/index.js';
import { ensureFirstAdminKey } from '../../../src/platform/auth/first-admin-key.js';
import { loadConfiguration } from '../../../src/platform/config/load.js';
import { migrate } from '../../../src/platform/database/migrator.js';
import { storagesOf } from '../../../src/platform/database/storages.js';
import { closeEngines, engineProviders, openEngines } from '../../../src/platform/engines.js';
import { createAdapter } from '../../../src/platform/http/adapter.js';
import { setUpHttp } from '../../../src/platform/http/setup.js';
import { PlatformModule } from '../../../src/platform/platform.module.js';
import { instant, type Clock } from '../../../src/platform/time.js';
import { CLOCK, LOGGER } from '../../../src/platform/tokens.js';
import { makeDataDirectory } from '../../support/data-directory.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';

/** 32 bytes. */
const MASTER_KEY = Buffer.alloc(32, 'test').toString('base64');

export interface AegisOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Of a fixture that runs on the same database. */
  readonly replicaOf?: AegisFixture;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Aegis on a real database, listening, its jobs and schedules at work. */
export class AegisFixture {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly dataSource: DataSource,
    readonly url: string,
    readonly adminKey: string,
    readonly dataDir: string,
    readonly database: TestDatabase,
    /** Every line of the log. */
    readonly log: readonly string[],
    private readonly clock: { now: number | null },
    private readonly closings: readonly (() => Promise<void>)[],
  ) {}

  static async start({ environment = {}, replicaOf }: AegisOptions = {}): Promise<AegisFixture> {
    const database = replicaOf?.database ?? (await createTestDatabase());
    const data = await makeDataDirectory();
    await migrate(database.url, storagesOf([aegis]));
    const registry = { aegis: { defaultPort: 8082, load: async () => aegis } };
    const variables = { OCO_DATA_DIR: data.path, LOG_LEVEL: 'silent', ...environment };
    const { settings } = await loadConfiguration(variables, registry);
    const redisUrl = environment['REDIS_URL'] ?? null;
    const connections = { databaseUrl: database.url, databaseEmbedded: false, redisUrl, masterKeys: [MASTER_KEY] };
    const engines = await openEngines(aegis, settings, connections);
    const log: string[] = [];
    const set: { now: number | null } = { now: null };
    const clock: Clock = { now: () => instant(set.now ?? Date.now()) };
    const platform = PlatformModule.forContext(aegis, settings, connections, engineProviders(engines));
    const testing = await Test.createTestingModule({ imports: [platform, aegis.module] })
      .overrideProvider(LOGGER)
      .useValue(pino({ level: 'trace' }, { write: (line) => void log.push(line) }))
      .overrideProvider(CLOCK)
      .useValue(clock)
      .compile();
    const app = testing.createNestApplication<NestFastifyApplication>(createAdapter(), { logger: false });
    setUpHttp(app, aegis, settings);
    await app.init();
    await engines.jobs.start();
    engines.schedules?.start();
    await app.listen(0, '127.0.0.1');
    const dataSource = app.get(DataSource, { strict: false });
    let adminKey = replicaOf?.adminKey ?? '';
    if (replicaOf === undefined) await ensureFirstAdminKey(dataSource, settings, (key) => (adminKey = key));
    return new AegisFixture(app, dataSource, await app.getUrl(), adminKey, data.path, database, log, set, [
      async () => void (await Promise.all([engines.jobs.stop(5_000), engines.schedules?.stop(5_000)])),
      () => app.close(),
      () => closeEngines(engines, 0),
      async () => (replicaOf === undefined ? database.drop() : undefined),
      () => data.remove(),
    ]);
  }

  /** From now on it is this time; null: the real one. */
  setTime(iso: string | null): void {
    this.clock.now = iso === null ? null : Date.parse(iso);
  }

  /** A call as admin, with a JSON body. */
  async call(method: string, path: string, body?: object, headers: object = {}): Promise<Reply> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.adminKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = text !== '' && response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  async stop(): Promise<void> {
    for (const close of this.closings) await close();
  }
}
