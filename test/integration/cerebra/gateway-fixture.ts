import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { pino } from 'pino';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { cerebra } from '../../../src/cerebra/index.js';
import { BudgetMap } from '../../../src/cerebra/budgets/budget-map.js';
import { BudgetGate, type BudgetState } from '../../../src/cerebra/budgets/budget-gate.js';
import { createKeyBody, type NewKey } from '../../../src/cerebra/identity/keys.dto.js';
import { KeysService } from '../../../src/cerebra/identity/keys.service.js';
import { PriceTable } from '../../../src/cerebra/pricing/price-table.js';
import { loadConfiguration } from '../../../src/platform/config/load.js';
import { migrate } from '../../../src/platform/database/migrator.js';
import { storagesOf } from '../../../src/platform/database/storages.js';
import { closeEngines, engineProviders, openEngines } from '../../../src/platform/engines.js';
import { createAdapter } from '../../../src/platform/http/adapter.js';
import { setUpHttp } from '../../../src/platform/http/setup.js';
import { PlatformModule } from '../../../src/platform/platform.module.js';
import { LOGGER } from '../../../src/platform/tokens.js';
import { AnthropicSimulator } from '../../simulators/anthropic/simulator.js';
import { GeminiSimulator } from '../../simulators/gemini/simulator.js';
import { OpenAiSimulator } from '../../simulators/openai/simulator.js';
import type { SimulatorOptions } from '../../simulators/openai/simulator.js';
import { makeDataDirectory } from '../../support/data-directory.js';
import { createTestDatabase } from '../../support/postgres.js';
import { until } from '../../support/until.js';

const text = z.string().nullable();
const tokens = z.coerce.number();

const rowShape = z.object({
  id: z.string(),
  provider: text,
  model: text,
  requested_model: text,
  key_id: text,
  org_id: text,
  team_id: text,
  agent_id: text,
  user_id: text,
  stream: z.boolean(),
  status_code: z.number().nullable(),
  outcome: z.string(),
  refusal: text,
  input_tokens: tokens,
  cache_read_tokens: tokens,
  cache_write_5m_tokens: tokens,
  cache_write_1h_tokens: tokens,
  output_tokens: tokens,
  reasoning_tokens: tokens,
  cost_pico: z.coerce.bigint(),
  estimated: z.boolean(),
  price_version: text,
});

const MASTER_KEY = randomBytes(32).toString('base64');

export type Row = z.output<typeof rowShape>;

export interface GatewayOptions {
  /** Instead of the catalogue's. */
  readonly prices?: PriceTable;
  readonly environment?: Readonly<Record<string, string>>;
  readonly simulator?: SimulatorOptions;
}

/** Cerebra on a real database, listening, with simulated providers. */
export class GatewayFixture {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    /** OpenAI's. */
    readonly simulator: OpenAiSimulator,
    readonly anthropic: AnthropicSimulator,
    readonly gemini: GeminiSimulator,
    readonly dataDir: string,
    /** Every line of the log. */
    readonly log: readonly string[],
    private readonly closings: readonly (() => Promise<void>)[],
  ) {}

  static async start(options: GatewayOptions = {}): Promise<GatewayFixture> {
    const simulator = await OpenAiSimulator.start(options.simulator);
    const anthropic = await AnthropicSimulator.start({ ...options.simulator, apiKey: 'sk-ant-of-the-provider' });
    const gemini = await GeminiSimulator.start({ ...options.simulator, apiKey: 'AIza-of-the-provider' });
    const database = await createTestDatabase();
    const data = await makeDataDirectory();
    await migrate(database.url, storagesOf([cerebra]));
    const environment = {
      OCO_DATA_DIR: data.path,
      LOG_LEVEL: 'silent',
      OPENAI_BASE_URL: simulator.baseUrl,
      OPENAI_API_KEY: 'sk-of-the-provider',
      ANTHROPIC_BASE_URL: anthropic.origin,
      ANTHROPIC_API_KEY: 'sk-ant-of-the-provider',
      GEMINI_BASE_URL: gemini.origin,
      GEMINI_API_KEY: 'AIza-of-the-provider',
      ...options.environment,
    };
    const registry = { cerebra: { defaultPort: 8080, load: async () => cerebra } };
    const { settings } = await loadConfiguration(environment, registry);
    const redisUrl = options.environment?.['REDIS_URL'] ?? null;
    const connections = { databaseUrl: database.url, databaseEmbedded: false, redisUrl, masterKeys: [MASTER_KEY] };
    const engines = await openEngines(cerebra, settings, connections);
    const log: string[] = [];
    const platform = PlatformModule.forContext(cerebra, settings, connections, engineProviders(engines));
    const builder = Test.createTestingModule({ imports: [platform, cerebra.module] })
      .overrideProvider(LOGGER)
      .useValue(pino({ level: 'trace' }, { write: (line) => void log.push(line) }));
    if (options.prices !== undefined) builder.overrideProvider(PriceTable).useValue(options.prices);
    const testing = await builder.compile();
    const app = testing.createNestApplication<NestFastifyApplication>(createAdapter(), { logger: false });
    setUpHttp(app, cerebra, settings);
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    return new GatewayFixture(app, url, simulator, anthropic, gemini, data.path, log, [
      () => app.close(),
      () => simulator.stop(),
      () => anthropic.stop(),
      () => gemini.stop(),
      () => closeEngines(engines, 0),
      () => database.drop(),
      () => data.remove(),
    ]);
  }

  /** A virtual key. */
  async key(fields: Partial<z.input<typeof createKeyBody>> = {}): Promise<{ id: string; key: string }> {
    const body: NewKey = createKeyBody.parse({ name: 'test', ...fields });
    const { stored, key } = await this.app.get(KeysService, { strict: false }).create(body);
    return { id: stored.id, key };
  }

  chat(key: string, body: string | object, headers: Readonly<Record<string, string>> = {}, signal?: AbortSignal) {
    return fetch(`${this.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      signal,
    });
  }

  /** The ledger of one key, in order; waits until it has so many rows. */
  rows(keyId: string, atLeast = 1): Promise<readonly Row[]> {
    return this.rowsOf('key', keyId, atLeast);
  }

  /** The same of whatever a call can be made for. */
  async rowsOf(scope: 'key' | 'agent' | 'team' | 'org' | 'user', id: string, atLeast = 1): Promise<readonly Row[]> {
    const read = async (): Promise<Row[]> => {
      const dataSource = this.app.get(DataSource, { strict: false });
      const found: unknown = await dataSource.query(
        `SELECT * FROM cerebra.requests WHERE ${scope}_id = $1 ORDER BY time, id`,
        [id],
      );
      return z.array(rowShape).parse(found);
    };
    let rows: Row[] = [];
    const enough = async (): Promise<boolean> => (rows = await read()).length >= atLeast;
    await until(enough, 10_000, () => JSON.stringify(rows));
    return rows;
  }

  /** What the key's only budget has spent and reserved. */
  async budget(keyId: string): Promise<BudgetState> {
    const budgets = [...this.app.get(BudgetMap, { strict: false }).all()];
    const budget = budgets.find(({ scope, entityId }) => scope === 'key' && entityId === keyId);
    if (budget === undefined) throw new Error(`Key ${keyId} has no budget.`);
    return this.app.get(BudgetGate, { strict: false }).state(budget);
  }

  async stop(): Promise<void> {
    for (const close of this.closings) await close();
  }
}
