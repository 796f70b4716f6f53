import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { until } from '../../support/until.js';
import { migrateAll, startReplica, type Replica } from './replica-fixture.js';

/** Changes hold on every replica within a second. */
const WITHIN_MS = 1_000;

let database: TestDatabase;
let replica: Replica;
let other: Replica;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrateAll(database.url);
  [replica, other] = await Promise.all([startReplica(database.url), startReplica(database.url)]);
});
afterAll(async () => {
  await Promise.all([replica.stop(), other.stop()]);
  await database.drop();
});

const PATH = '/api/v1/prices';
const price = z.looseObject({ provider: z.string(), model: z.string(), origin: z.string(), version: z.string() });
const page = z.object({ prices: z.array(price), total: z.int(), next_cursor: z.string().nullable() });

const list = async (query: string) => page.parse((await replica.call('GET', `${PATH}?${query}`)).body);

const whole = {
  usd_per_million: { input: '0.14', output: '0.28', cache_read: '0.0028', reasoning: '0.3' },
  tiers: {
    flex: { input: '0.07', output: '0.14' },
    priority: { input: '1', output: '2', above: { prompt_tokens: 1000, usd_per_million: { input: '3', output: '4' } } },
  },
  above: { prompt_tokens: 200_000, usd_per_million: { input: '0.28', output: '0.56' } },
  usd_each: { web_search: '0.01' },
  multipliers: { 'inference_geo=us': '1.1' },
  context_tokens: 128_000,
  max_output_tokens: 8_192,
};

describe('a price that is set', () => {
  it('is answered and shown as it was given, and given again it is the same', async () => {
    const set = await replica.call('PUT', `${PATH}/deepseek/deepseek-chat`, whole);
    const expected = {
      provider: 'deepseek',
      model: 'deepseek-chat',
      ...whole,
      valid_from: null,
      origin: 'overlay',
      version: expect.stringMatching(/^overlay-\d+$/),
    };
    expect(set).toMatchObject({ status: 200, body: expected });
    expect((await replica.call('GET', `${PATH}/deepseek/deepseek-chat`)).body).toEqual(expected);
    const { provider, model, valid_from, ...shown } = price.parse(set.body);
    const again = { ...whole, provider, model, valid_from };
    expect(shown.origin).toBe('overlay');
    expect((await replica.call('PUT', `${PATH}/deepseek/deepseek-chat`, again)).body).toEqual(expected);
  });

  it("stands in place of the catalogue's, until it is removed: on every replica within a second", async () => {
    const catalogue = (await replica.call('GET', `${PATH}/openai/gpt-4.1`)).body;
    expect(catalogue).toMatchObject({ origin: 'catalogue', usd_per_million: { input: '2', cache_read: '0.5' } });
    const originThere = async (): Promise<unknown> =>
      price.parse((await other.call('GET', `${PATH}/openai/gpt-4.1`)).body).origin;

    await replica.call('PUT', `${PATH}/openai/gpt-4.1`, { usd_per_million: { input: '9', output: '9' } });
    expect((await list('model=gpt-4.1')).prices).toMatchObject([
      { origin: 'overlay', usd_per_million: { input: '9' } },
    ]);
    await until(async () => (await originThere()) === 'overlay', WITHIN_MS);

    expect((await replica.call('DELETE', `${PATH}/openai/gpt-4.1`)).status).toBe(204);
    expect((await list('model=gpt-4.1')).prices).toEqual([catalogue]);
    await until(async () => (await originThere()) === 'catalogue', WITHIN_MS);
    expect((await replica.call('DELETE', `${PATH}/openai/gpt-4.1`)).status).toBe(404);
  });

  it('may be one to come, beside the one that holds; one without a time replaces what holds', async () => {
    const at = `${PATH}/openai/gpt-4o`;
    const rates = (input: string) => ({ usd_per_million: { input, output: '1' } });
    await replica.call('PUT', at, { ...rates('7'), valid_from: '2099-01-01T00:00:00Z' });
    expect((await list('model=gpt-4o')).prices).toMatchObject([
      { origin: 'catalogue', valid_from: null },
      { origin: 'overlay', valid_from: '2099-01-01T00:00:00.000Z' },
    ]);
    await replica.call('PUT', at, { ...rates('5'), valid_from: '2026-01-01T00:00:00Z' });
    await replica.call('PUT', at, rates('6'));
    expect((await list('model=gpt-4o')).prices).toMatchObject([
      { valid_from: null, usd_per_million: { input: '6' } },
      { valid_from: '2099-01-01T00:00:00.000Z', usd_per_million: { input: '7' } },
    ]);
    await replica.call('DELETE', at);
  });

  it('may be that of a model with a slash in its name', async () => {
    const at = `${PATH}/together/meta-llama%2Fllama-3`;
    const body = { usd_per_million: { input: '0.000001', output: '123456' } };
    expect((await replica.call('PUT', at, body)).body).toMatchObject({ model: 'meta-llama/llama-3', ...body });
    expect((await replica.call('DELETE', at)).status).toBe(204);
  });

  it.each([
    [{ usd_per_million: undefined }, 'usd_per_million', /./],
    [{ usd_per_million: { input: '1' } }, 'usd_per_million.output', /decimal string/],
    [{ usd_per_million: { input: '0.0000001', output: '1' } }, 'usd_per_million.input', /up to six decimals/],
    [{ usd_per_million: { input: '-1', output: '1' } }, 'usd_per_million.input', /decimal/],
    [{ usd_per_million: { input: '1', output: '1', cache_reads: '1' } }, 'usd_per_million.cache_reads', /cache_read/],
    [{ tiers: { cheap: { input: '1', output: '1' } } }, 'tiers.cheap', /./],
    [{ above: { prompt_tokens: 0, usd_per_million: { input: '1', output: '1' } } }, 'above.prompt_tokens', /./],
    [{ multipliers: { us: '1.1' } }, 'multipliers.us', /name=value/],
    [{ multipliers: { 'inference_geo=us': 'much' } }, 'multipliers.inference_geo=us', /1\.1/],
    [{ valid_from: 'tomorrow' }, 'valid_from', /./],
    [{ model: 'another' }, 'model', /path/],
  ])('is refused with %j, saying what is expected of %s', async (fields, path, message) => {
    const body = { usd_per_million: { input: '1', output: '1' }, ...fields };
    const reply = await replica.call('PUT', `${PATH}/x/y`, body);
    expect(reply.status).toBe(422);
    const { details } = z
      .object({ error: z.object({ details: z.record(z.string(), z.string()) }) })
      .parse(reply.body).error;
    expect([details, details[path]]).toEqual([details, expect.stringMatching(message)]);
  });
});

describe('GET /api/v1/prices', () => {
  it('has what providers publish beside the catalogue', async () => {
    expect((await list('provider=anthropic&model=claude-opus-5-5')).prices).toMatchObject([
      {
        origin: 'catalogue',
        usd_per_million: { input: '4', output: '20', cache_read: '0.2', cache_write: '5', cache_write_1h: '8' },
        tiers: { batch: { input: '2', output: '10' } },
        usd_each: { web_search: '0.01' },
        multipliers: { 'inference_geo=us': '1.1' },
        context_tokens: 1_000_000,
      },
    ]);
    expect((await list('provider=gemini&model=gemini-2.5-flash')).prices).toMatchObject([
      { usd_per_million: { audio_input: '1', audio_cache_read: '0.1' }, tiers: { flex: { input: '0.15' } } },
    ]);
  });

  it('pages through all of them, each once', async () => {
    const seen: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 20; pages++) {
      const { prices, total, next_cursor } = await list(`limit=50${cursor}`);
      seen.push(...prices.map((one) => `${one.provider}/${one.model} ${String(one['valid_from'])}`));
      if (next_cursor === null) {
        expect([seen.length, new Set(seen).size]).toEqual([total, total]);
        break;
      }
      cursor = `&cursor=${next_cursor}`;
    }
    expect(seen.length).toBeGreaterThan(150);
    expect(seen).toContain('gemini/gemini-3.6-flash 2027-01-01T00:00:00.000Z');
  });

  it('knows no price of a model that nobody prices', async () => {
    expect((await replica.call('GET', `${PATH}/openai/gpt-99`)).status).toBe(404);
  });
});
