import { z } from 'zod';
import { BudgetGate } from '../../../src/cerebra/budgets/budget-gate.js';
import { BudgetMap } from '../../../src/cerebra/budgets/budget-map.js';
import { KeyMap } from '../../../src/cerebra/identity/key-map.js';
import { cerebra } from '../../../src/cerebra/index.js';
import { loadConfiguration } from '../../../src/platform/config/load.js';
import { migrate } from '../../../src/platform/database/migrator.js';
import { storagesOf } from '../../../src/platform/database/storages.js';
import { hostContext } from '../../../src/platform/host.js';
import { makeDataDirectory } from '../../support/data-directory.js';
import { createTestDatabase } from '../../support/postgres.js';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

const ADMIN_KEY = 'an-admin-key-for-these-tests';

export interface Replica {
  /** Where its gateway listens. */
  readonly url: string;
  readonly databaseUrl: string;
  readonly keys: KeyMap;
  readonly budgets: BudgetMap;
  readonly gate: BudgetGate;
  /** As an administrator. */
  call(method: Method, path: string, payload?: object): Promise<{ status: number; body: unknown; text: string }>;
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

export const migrateAll = async (databaseUrl: string): Promise<void> => {
  await migrate(databaseUrl, storagesOf([cerebra]));
};

export interface ReplicaOptions {
  /** Base64; the first seals. */
  readonly masterKeys?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** One replica of Cerebra, as the process hosts it. */
export async function startReplica(
  databaseUrl: string,
  redisUrl: string | null = null,
  { masterKeys = [], environment: more = {} }: ReplicaOptions = {},
): Promise<Replica> {
  const data = await makeDataDirectory();
  const environment = { OCO_DATA_DIR: data.path, OCO_ADMIN_KEY: ADMIN_KEY, LOG_LEVEL: 'silent', ...more };
  const registry = { cerebra: { defaultPort: 8080, load: async () => cerebra } };
  const { settings: configured } = await loadConfiguration(environment, registry);
  const settings = { ...configured, contexts: configured.contexts.map((context) => ({ ...context, port: 0 })) };
  const connections = { databaseUrl, databaseEmbedded: false, redisUrl, masterKeys };
  const hosted = await hostContext(cerebra, settings, connections);
  const { app } = hosted;
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  return {
    url: `http://127.0.0.1:${hosted.port}`,
    databaseUrl,
    keys: app.get(KeyMap, { strict: false }),
    budgets: app.get(BudgetMap, { strict: false }),
    gate: app.get(BudgetGate, { strict: false }),
    call: async (method, url, payload) => {
      const reply = await app.inject({ method, url, headers, ...(payload && { payload }) });
      const text = reply.body;
      return { status: reply.statusCode, body: text === '' ? null : reply.json(), text };
    },
    metrics: async () => (await app.inject({ url: '/metrics', headers })).body,
    stop: async () => {
      await hosted.stop(5_000);
      await data.remove();
    },
  };
}

/** One alone, on a database of its own, which goes with it. */
export async function startLoneReplica(): Promise<Replica> {
  const database = await createTestDatabase();
  await migrateAll(database.url);
  const replica = await startReplica(database.url);
  const stop = async (): Promise<void> => {
    await replica.stop();
    await database.drop();
  };
  return { ...replica, stop };
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

/** Makes organisations, teams and agents through the API, by their ids. */
export async function makeOwners(
  replica: Replica,
  owners: Readonly<Partial<Record<'organizations' | 'teams' | 'agents', readonly string[]>>>,
): Promise<void> {
  for (const [kind, ids] of Object.entries(owners)) {
    for (const id of ids) await replica.call('POST', `/api/v1/${kind}`, { id, name: `The ${id}` });
  }
}
