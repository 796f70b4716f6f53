import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Client } from 'pg';
import { cerebraMigrations } from '../../../migrations/cerebra/index.js';
import { migrate } from '../../../src/platform/database/migrator.js';
import { instant } from '../../../src/platform/time.js';
import { Call } from '../../../src/cerebra/gateway/call.js';
import type { Caller } from '../../../src/cerebra/identity/caller.js';
import { RequestsStore } from '../../../src/cerebra/ledger/requests-store.js';
import { endedRow } from '../../../src/cerebra/ledger/row.pure.js';
import { SpoolLedger, type SpoolLedgerOptions } from '../../../src/cerebra/ledger/spool-ledger.js';
import { nanoUsd, picoUsd } from '../../../src/cerebra/pricing/money.js';

export const silent = pino({ level: 'silent' });

export const cerebraStorage = { name: 'cerebra', schema: 'cerebra', entities: [], migrations: cerebraMigrations };

/** Cerebra's schema in an empty database. */
export const migrateCerebra = async (url: string): Promise<void> => {
  await migrate(url, [cerebraStorage]);
};

export const callId = (number: number): string => `019abc00-0000-7000-8000-${String(number).padStart(12, '0')}`;

/** A call that has run: 100 tokens in, 20 out, 0.000151900001 USD. */
export function makeCall(number: number, change: (call: Call) => void = () => undefined, at = Date.now()): Call {
  const call = new Call(callId(number), instant(at));
  call.provider = 'openai';
  call.model = 'gpt-4o';
  call.requestedModel = 'gpt-4o';
  call.status = 200;
  call.latencyMs = 12.5;
  call.usage.input = 100;
  call.usage.output = 20;
  call.bound = nanoUsd(1_000_000);
  call.cost = picoUsd(151_900_001n);
  call.priceVersion = 'test';
  change(call);
  return call;
}

export const makeDataDir = (): Promise<string> => mkdtemp(join(tmpdir(), 'oco-ledger-'));

/** A ledger at work; `stop` drains it as the host does. */
export async function startLedger(
  options: Pick<SpoolLedgerOptions, 'dataDir' | 'databaseUrl'> & Partial<SpoolLedgerOptions>,
): Promise<SpoolLedger> {
  const ledger = new SpoolLedger({ sync: 'interval', log: silent, ...options });
  await ledger.onModuleInit();
  return ledger;
}

export const removeDataDir = (dataDir: string): Promise<void> => rm(dataDir, { recursive: true, force: true });

/** Puts calls into the ledger, at once and for good. */
export async function fillLedger(databaseUrl: string, calls: readonly Call[]): Promise<void> {
  const store = new RequestsStore(databaseUrl);
  await store.insert(calls.map((call) => Buffer.from(endedRow(call))));
  await store.close();
}

export const callerWith = (owners: Partial<Caller>): Caller => ({
  keyId: 'key-1',
  orgId: null,
  teamId: null,
  agentId: null,
  userId: null,
  tags: {},
  allowedModels: null,
  limits: null,
  clampOutput: false,
  ...owners,
});

export async function query<Row>(url: string, sql: string, parameters: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown> & Row>(sql, parameters);
    return rows;
  } finally {
    await client.end();
  }
}
