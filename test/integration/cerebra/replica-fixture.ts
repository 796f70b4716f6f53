import { Global, Module, type Provider } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { cerebraMigrations } from '../../../migrations/cerebra/index.js';
import { BudgetGate } from '../../../src/cerebra/budgets/budget-gate.js';
import { BudgetMap } from '../../../src/cerebra/budgets/budget-map.js';
import { BudgetRow } from '../../../src/cerebra/budgets/budget.entity.js';
import { IdentityModule } from '../../../src/cerebra/identity/identity.module.js';
import { Key } from '../../../src/cerebra/identity/key.entity.js';
import { KeyMap } from '../../../src/cerebra/identity/key-map.js';
import { createDataSource } from '../../../src/platform/database/data-source.js';
import { ErrorFilter } from '../../../src/platform/errors/error.filter.js';
import { HealthRegistry } from '../../../src/platform/health/health-registry.js';
import { createAdapter } from '../../../src/platform/http/adapter.js';
import { ValidationPipe } from '../../../src/platform/http/validation.pipe.js';
import { systemClock } from '../../../src/platform/time.js';
import { CLOCK, CONFIG, CONNECTIONS, LOGGER, SETTINGS } from '../../../src/platform/tokens.js';
import { makeDataDir, removeDataDir, silent } from './ledger-fixture.js';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Replica {
  readonly keys: KeyMap;
  readonly budgets: BudgetMap;
  readonly gate: BudgetGate;
  call(method: Method, url: string, payload?: object): Promise<{ status: number; body: unknown; text: string }>;
  metrics(): Promise<string>;
  /** Also after the test server's database is gone. */
  stop(): Promise<void>;
}

/** Keys and budgets of one replica: all modules that they need, and their API without the door in front of it. */
export async function startReplica(databaseUrl: string, redisUrl: string | null = null): Promise<Replica> {
  const storage = { schema: 'cerebra', entities: [Key, BudgetRow], migrations: cerebraMigrations };
  const dataSource = await createDataSource({ url: databaseUrl, name: 'cerebra', storage }).initialize();
  const dataDir = await makeDataDir();
  const registry = new Registry();
  const providers: Provider[] = [
    { provide: SETTINGS, useValue: { dataDir } },
    { provide: CONNECTIONS, useValue: { databaseUrl, redisUrl } },
    { provide: CONFIG, useValue: { ledgerSync: 'interval' } },
    { provide: LOGGER, useValue: silent },
    { provide: CLOCK, useValue: systemClock },
    { provide: DataSource, useValue: dataSource },
    { provide: Registry, useValue: registry },
    { provide: HealthRegistry, useValue: new HealthRegistry('cerebra') },
  ];
  @Global()
  @Module({ providers, exports: providers })
  class HostModule {}
  const module = await Test.createTestingModule({ imports: [HostModule, IdentityModule] }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(createAdapter());
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ErrorFilter(silent));
  await app.init();
  return {
    keys: app.get(KeyMap),
    budgets: app.get(BudgetMap),
    gate: app.get(BudgetGate),
    call: async (method, url, payload) => {
      const reply = await app.inject({ method, url, ...(payload && { payload }) });
      const text = reply.body;
      return { status: reply.statusCode, body: text === '' ? null : reply.json(), text };
    },
    metrics: () => registry.metrics(),
    stop: async () => {
      await app.close();
      await dataSource.destroy();
      await removeDataDir(dataDir);
    },
  };
}

const created = z.object({ id: z.string(), key: z.string().startsWith('oco_live_') });

/** Makes a key through the API. */
export async function makeKey(replica: Replica, fields: object = {}): Promise<z.output<typeof created>> {
  const { body } = await replica.call('POST', '/api/v1/keys', { name: 'test', ...fields });
  return created.parse(body);
}

const budget = z.looseObject({ id: z.string() });

/** Makes a budget through the API. */
export async function makeBudget(replica: Replica, fields: object): Promise<z.output<typeof budget>> {
  const { body } = await replica.call('POST', '/api/v1/budgets', { limit_usd: 1, period: 'daily', ...fields });
  return budget.parse(body);
}
