import { Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { cerebraMigrations } from '../../../migrations/cerebra/index.js';
import { SpoolLedger } from '../../../src/cerebra/ledger/spool-ledger.js';
import { createDataSource } from '../../../src/platform/database/data-source.js';
import { ErrorFilter } from '../../../src/platform/errors/error.filter.js';
import { createAdapter } from '../../../src/platform/http/adapter.js';
import { ValidationPipe } from '../../../src/platform/http/validation.pipe.js';
import { instant } from '../../../src/platform/time.js';
import { CLOCK } from '../../../src/platform/tokens.js';
import { silent } from './ledger-fixture.js';

export interface LedgerApi {
  get(path: string): Promise<{ status: number; body: unknown }>;
  text(path: string): Promise<{ headers: Record<string, unknown>; text: string }>;
  close(): Promise<void>;
}

/** Controllers that read the ledger, on a real database, with a clock that stands still. */
export async function serveLedgerApi(
  databaseUrl: string,
  now: number,
  controllers: Type[],
  providers: Type[],
): Promise<LedgerApi> {
  const storage = { schema: 'cerebra', entities: [], migrations: cerebraMigrations };
  const dataSource = await createDataSource({ url: databaseUrl, name: 'cerebra', storage }).initialize();
  @Module({
    controllers,
    providers: [
      ...providers,
      { provide: DataSource, useValue: dataSource },
      { provide: SpoolLedger, useValue: { upToDate: async () => undefined } },
      { provide: CLOCK, useValue: { now: () => instant(now) } },
    ],
  })
  class ApiModule {}
  const module = await Test.createTestingModule({ imports: [ApiModule] }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(createAdapter());
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ErrorFilter(silent));
  await app.init();
  return {
    get: async (url) => {
      const reply = await app.inject({ method: 'GET', url });
      return { status: reply.statusCode, body: reply.json() };
    },
    text: async (url) => {
      const reply = await app.inject({ method: 'GET', url });
      return { headers: reply.headers, text: reply.body };
    },
    close: async () => {
      await app.close();
      await dataSource.destroy();
    },
  };
}
