import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { pino } from 'pino';
import { DataSource } from 'typeorm';
import { addToRollups } from '../../../src/economist/charges/rollups.js';
import { focusColumns, type FocusName } from '../../../src/economist/charges/focus-columns.js';
import { economist } from '../../../src/economist/index.js';
import { LOAD_PROCESS_ENTRY } from '../../../src/economist/ingestion/loading/loading.module.js';
import { ensureFirstAdminKey } from '../../../src/platform/auth/first-admin-key.js';
import { loadConfiguration } from '../../../src/platform/config/load.js';
import { migrate } from '../../../src/platform/database/migrator.js';
import { storagesOf } from '../../../src/platform/database/storages.js';
import { closeEngines, engineProviders, openEngines } from '../../../src/platform/engines.js';
import { createAdapter } from '../../../src/platform/http/adapter.js';
import { drain } from '../../../src/platform/http/drain.js';
import { setUpHttp } from '../../../src/platform/http/setup.js';
import { PlatformModule } from '../../../src/platform/platform.module.js';
import { instant, type Clock } from '../../../src/platform/time.js';
import { CLOCK, LOGGER } from '../../../src/platform/tokens.js';
import { makeDataDirectory } from '../../support/data-directory.js';
import { sourceLoadProcess } from '../../support/load-process.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';

/** 32 bytes. */
const MASTER_KEY = Buffer.alloc(32, 'test').toString('base64');

export interface EconomistOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Of a fixture that runs on the same database. */
  readonly replicaOf?: EconomistFixture;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A charge in FOCUS terms; what every charge needs has a value already. */
export type ChargeFields = Partial<Record<FocusName, string | null | Readonly<Record<string, string>>>>;

/** Economist on a real database, listening, its jobs at work. */
export class EconomistFixture {
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

  static async start({ environment = {}, replicaOf }: EconomistOptions = {}): Promise<EconomistFixture> {
    const database = replicaOf?.database ?? (await createTestDatabase());
    const data = await makeDataDirectory();
    await migrate(database.url, storagesOf([economist]));
    const registry = { economist: { defaultPort: 8081, load: async () => economist } };
    const variables = { OCO_DATA_DIR: data.path, LOG_LEVEL: 'silent', ...environment };
    const { settings } = await loadConfiguration(variables, registry);
    const redisUrl = environment['REDIS_URL'] ?? null;
    const masterKeys = [MASTER_KEY];
    const connections = { databaseUrl: database.url, databaseEmbedded: false, redisUrl, masterKeys };
    const engines = await openEngines(economist, settings, connections);
    const log: string[] = [];
    const set: { now: number | null } = { now: null };
    const clock: Clock = { now: () => instant(set.now ?? Date.now()) };
    const platform = PlatformModule.forContext(economist, settings, connections, engineProviders(engines));
    const testing = await Test.createTestingModule({ imports: [platform, economist.module] })
      .overrideProvider(LOGGER)
      .useValue(pino({ level: 'trace' }, { write: (line) => void log.push(line) }))
      .overrideProvider(CLOCK)
      .useValue(clock)
      .overrideProvider(LOAD_PROCESS_ENTRY)
      .useValue(sourceLoadProcess)
      .compile();
    const app = testing.createNestApplication<NestFastifyApplication>(createAdapter(), { logger: false });
    setUpHttp(app, economist, settings);
    await app.init();
    await engines.jobs.start();
    engines.schedules?.start();
    await app.listen(0, '127.0.0.1');
    const dataSource = app.get(DataSource, { strict: false });
    let adminKey = replicaOf?.adminKey ?? '';
    if (replicaOf === undefined) await ensureFirstAdminKey(dataSource, settings, (key) => (adminKey = key));
    const url = await app.getUrl();
    return new EconomistFixture(app, dataSource, url, adminKey, data.path, database, log, set, [
      async () => {
        const draining = drain(app.getHttpServer(), 5_000);
        await Promise.all([draining, engines.jobs.stop(5_000), engines.schedules?.stop(5_000)]);
      },
      () => app.close(),
      () => closeEngines(engines, 0),
      async () => (replicaOf === undefined ? database.drop() : undefined),
      () => data.remove(),
    ]);
  }

  /** Forgets all that is in the schema but its structure. Nothing may be at work. */
  async empty(): Promise<void> {
    const tables: { name: string }[] = await this.dataSource.query(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname = 'economist' AND tablename <> 'migrations'`,
    );
    await this.dataSource.query(`TRUNCATE ${tables.map(({ name }) => name).join(', ')}`);
  }

  /** From now on it is this time; null: the real one. */
  setTime(iso: string | null): void {
    this.clock.now = iso === null ? null : Date.parse(iso);
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

  /** Puts charges into the ledger past all ingestion: one slice for each source, account and billing month. */
  async charge(rows: readonly ChargeFields[], sourceId = 'test'): Promise<void> {
    const complete = rows.map((row) => withDefaults(row));
    const bySlice = Map.groupBy(complete, (row) => `${asText(row.BillingAccountId)}|${month(row)}`);
    for (const slice of bySlice.values()) {
      await this.dataSource.transaction(async (manager) => {
        const [first] = slice;
        const found: { id: string }[] = await manager.query(
          `INSERT INTO economist.slices (source_id, billing_account, billing_month, digest, charges, loaded_at)
           VALUES ($1, $2, $3, sha256($4::bytea), $5, now()) RETURNING id`,
          [sourceId, first?.BillingAccountId ?? null, `${month(first ?? {})}-01`, JSON.stringify(slice), slice.length],
        );
        const sliceId = found[0]?.id ?? '';
        for (const row of slice) {
          const given = Object.entries(focusColumns).flatMap(([name, { column }]) => {
            const value = Object.entries(row).find(([key]) => key === name)?.[1];
            return value === undefined ? [] : [{ column, value }];
          });
          const places = given.map((_, index) => `$${index + 2}`).join(', ');
          await manager.query(
            `INSERT INTO economist.charges (slice_id, ${given.map(({ column }) => column).join(', ')})
             VALUES ($1, ${places})`,
            [sliceId, ...given.map(({ value }) => value)],
          );
        }
        await addToRollups(manager, [sliceId], sourceId);
      });
    }
  }

  async stop(): Promise<void> {
    for (const close of this.closings) await close();
  }
}

function withDefaults(row: ChargeFields): ChargeFields {
  const start = asText(row.ChargePeriodStart ?? '2026-03-01T00:00:00Z');
  return {
    BillingCurrency: 'USD',
    BillingAccountId: 'acme',
    BilledCost: '0',
    EffectiveCost: row.BilledCost ?? '0',
    ContractedCost: row.BilledCost ?? '0',
    ListCost: row.BilledCost ?? '0',
    ChargeCategory: 'Usage',
    ProviderName: 'AWS',
    ChargePeriodStart: start,
    ChargePeriodEnd: new Date(Date.parse(start) + 86_400_000).toISOString(),
    BillingPeriodStart: `${start.slice(0, 7)}-01T00:00:00Z`,
    Tags: {},
    ...row,
  };
}

const month = (row: ChargeFields): string => asText(row.BillingPeriodStart).slice(0, 7);

const asText = (value: ChargeFields[FocusName]): string => (typeof value === 'string' ? value : '');
