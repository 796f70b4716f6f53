import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { AnthropicSimulator } from '../../simulators/anthropic/simulator.js';
import { OpenAiSimulator } from '../../simulators/openai/simulator.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { until } from '../../support/until.js';
import { query } from './ledger-fixture.js';
import { Client, makeProvider, PROVIDERS, readProvider, refusalOf, statesOf } from './providers-fixture.js';
import { migrateAll, startReplica, type Replica } from './replica-fixture.js';

const KEY = 'sk-planted-in-a-provider-9876';
const masterKey = randomBytes(32).toString('base64');

let openAi: OpenAiSimulator;
let anthropic: AnthropicSimulator;
let database: TestDatabase;
let replica: Replica;
beforeAll(async () => {
  openAi = await OpenAiSimulator.start();
  anthropic = await AnthropicSimulator.start();
  database = await createTestDatabase();
  await migrateAll(database.url);
  replica = await startReplica(database.url, null, { masterKeys: [masterKey] });
});
afterAll(async () => {
  await Promise.all([replica.stop(), openAi.stop(), anthropic.stop()]);
  await database.drop();
});

const credentials = [{ api_key: KEY }];
const make = (fields: object) => makeProvider(replica, { base_url: openAi.baseUrl, credentials, ...fields });
const hardBudget = { budget: { limit_usd: 1, period: 'total' } };

const page = z.object({
  requests: z.array(z.looseObject({ provider: z.string().nullable() })),
});
async function lastCall({ keyId }: Client) {
  let last;
  await until(async () => {
    const { body } = await replica.call('GET', `/api/v1/requests?key_id=${keyId}&limit=1`);
    last = page.parse(body).requests[0];
    return last !== undefined;
  });
  return last;
}

describe('the way to a provider', () => {
  it('is its name before the model, whatever its patterns say, and plain names that they match', async () => {
    await make({ name: 'patterns', models: ['llama-*', 'mistral'] });
    const client = await Client.of(replica);
    const statuses = async (...models: string[]) =>
      Promise.all(models.map(async (model) => (await client.chat(model)).status));
    expect(await statuses('patterns/anything', 'llama-3.1', 'mistral')).toEqual([200, 200, 200]);
    expect(await statuses('mistral-large', 'anything')).toEqual([404, 404]);
    expect(
      openAi.chats
        .slice(0, 3)
        .map(({ body }) => z.object({ model: z.string() }).parse(JSON.parse(body.toString())).model)
        .sort(),
    ).toEqual(['anything', 'llama-3.1', 'mistral']);
  });

  it('leads its headers along, in place of what a client says, and the key in the header that is asked for', async () => {
    await make({
      name: 'with-headers',
      headers: { 'OpenAI-Beta': 'ours', 'x-project': 'p' },
      credential_header: 'api-key',
    });
    const client = await Client.of(replica);
    const reply = await client.chat('with-headers/m', {}, { headers: { 'openai-beta': 'theirs' } });
    expect(reply.status).toBe(200);
    const expected = { 'openai-beta': 'ours', 'x-project': 'p', 'api-key': KEY };
    expect(openAi.requests.at(-1)?.headers).toMatchObject(expected);
    expect(openAi.requests.at(-1)?.headers.authorization).toBeUndefined();

    const passed = await client.post('/v1/proxy/with-headers/v1/files', {});
    expect(passed.status).toBe(404);
    expect(openAi.requests.at(-1)?.headers).toMatchObject(expected);
  });

  it('is listed with its models, by the names that calls must use', async () => {
    await make({ name: 'listed', models: ['gpt-4o-mini'] });
    const client = await Client.of(replica, { allowed_models: ['listed/*'] });
    const list = z.object({ data: z.array(z.looseObject({ id: z.string(), owned_by: z.string() })) });
    const { data } = list.parse(await (await client.get('/v1/models')).json());
    expect(data.map(({ id }) => id)).toEqual(['listed/gpt-4o', 'gpt-4o-mini', 'listed/gpt-5-nano']);
    for (const { id } of data) expect((await client.chat(id)).status).toBe(200);
  });

  it('may be that of an API other than OpenAI', async () => {
    await make({ name: 'claude', kind: 'anthropic', base_url: anthropic.origin });
    const client = await Client.of(replica, hardBudget);
    const body = { model: 'claude/claude-opus-4-1', max_tokens: 10, messages: [{ role: 'user', content: 'Hello' }] };
    expect((await client.post('/v1/messages', body, { headers: { 'anthropic-version': '2023-06-01' } })).status).toBe(
      200,
    );
    expect(anthropic.requests.at(-1)?.headers['x-api-key']).toBe(KEY);
    expect(await lastCall(client)).toMatchObject({ provider: 'claude', model: 'claude-opus-4-1' });
  });
});

describe('what calls cost', () => {
  it('is what the catalogue says of the kind, under whatever name', async () => {
    await make({ name: 'second-account', kind: 'openai', models: ['gpt-4o'] });
    const client = await Client.of(replica, hardBudget);
    expect((await client.chat('gpt-4o')).status).toBe(200);
    const call = await lastCall(client);
    expect(call).toMatchObject({ provider: 'second-account', price_version: expect.stringMatching(/^genai-prices/) });
    expect((await replica.call('GET', '/api/v1/prices/second-account/gpt-4o')).body).toMatchObject({
      origin: 'catalogue',
      usd_per_million: { input: '2.5' },
    });
  });

  it('is not known on a server of one’s own, unless its catalogue is named; what is set for its name comes first', async () => {
    await make({ name: 'house' });
    const client = await Client.of(replica, hardBudget);
    expect(await refusalOf(await client.chat('house/gpt-4o'))).toMatchObject({ code: 'price_unknown' });

    const settings = { kind: 'openai-compatible', base_url: openAi.baseUrl };
    await replica.call('PUT', `${PROVIDERS}/house`, { ...settings, catalogue: 'openai' });
    expect((await client.chat('house/gpt-4o')).status).toBe(200);
    expect(await lastCall(client)).toMatchObject({ price_version: expect.stringMatching(/^genai-prices/) });

    const own = await Client.of(replica, hardBudget);
    await replica.call('PUT', '/api/v1/prices/house/gpt-4o', { usd_per_million: { input: '9', output: '9' } });
    expect((await own.chat('house/gpt-4o')).status).toBe(200);
    expect(await lastCall(own)).toMatchObject({ price_version: expect.stringMatching(/^overlay-/) });
  });
});

it('a price that is set leaves open what the catalogue knows: its limits are the same before and after a restart', async () => {
  await make({ name: 'limited', catalogue: 'openai' });
  await replica.call('PUT', '/api/v1/prices/limited/gpt-4', { usd_per_million: { input: '1', output: '1' } });
  const boundAt = async (one: Replica): Promise<unknown> => {
    const client = await Client.of(replica, { budget: { limit_usd: 0.000001, period: 'total' } });
    await until(() => one.keys.find(client.key) !== null);
    const reply = await client.at(one).chat('limited/gpt-4', { max_tokens: undefined });
    expect(reply.status).toBe(429);
    return z.object({ error: z.object({ oco: z.object({ bound_usd: z.number() }) }) }).parse(await reply.json()).error
      .oco;
  };
  const bound = await boundAt(replica);
  const next = await startReplica(database.url, null, { masterKeys: [masterKey] });
  try {
    expect(await boundAt(next)).toEqual(bound);
  } finally {
    await next.stop();
  }
});

describe('after a restart', () => {
  const restarted = async (masterKeys: string[], look: (next: Replica) => Promise<void>): Promise<void> => {
    const next = await startReplica(database.url, null, { masterKeys });
    try {
      await look(next);
    } finally {
      await next.stop();
    }
  };

  it('the keys are there again', async () => {
    await make({ name: 'lasting' });
    const client = await Client.of(replica);
    await restarted([masterKey], async (next) => {
      expect(await statesOf(next, 'lasting')).toEqual(['active']);
      expect((await client.at(next).chat('lasting/m')).status).toBe(200);
    });
  });

  it.each([
    ['without its master key', []],
    ['with another master key', [randomBytes(32).toString('base64')]],
  ])('%s, calls are told what is missing, and others are served', async (_, masterKeys) => {
    await make({ name: 'lost' });
    await make({ name: 'keyless', credentials: [] });
    const client = await Client.of(replica);
    await restarted(masterKeys, async (next) => {
      expect(await refusalOf(await client.at(next).chat('lost/m'))).toMatchObject({
        status: 503,
        code: 'provider_credentials_sealed',
        message: expect.stringContaining('OCO_MASTER_KEY'),
      });
      expect(await readProvider(next, 'lost')).toMatchObject({ credentials: [{ last4: '9876', state: 'unreadable' }] });
      expect((await client.at(next).chat('keyless/m')).status).toBe(200);
      expect((await client.at(replica).chat('lost/m')).status).toBe(200);
      if (masterKeys.length === 0) {
        const refused = await next.call('POST', PROVIDERS, { name: 'new', kind: 'openai', credentials });
        expect([refused.status, refused.text]).toEqual([503, expect.stringContaining('OCO_MASTER_KEY')]);
      }
    });
    for (const name of ['lost', 'keyless']) await replica.call('DELETE', `${PROVIDERS}/${name}`);
  });
});

it('keeps no key in any table, metric or reply', async () => {
  await make({ name: 'planted', credentials: [{ api_key: `${KEY}-planted` }, ...credentials] });
  const client = await Client.of(replica);
  openAi.answerKey(`${KEY}-planted`, { status: 401, headers: {}, pieces: ['{"error":{"message":"no"}}'] });
  expect((await client.chat('planted/m')).status).toBe(200);
  expect((await client.chat('planted/m', { model: 7 })).status).toBe(400);
  await lastCall(client);
  const tables = z.array(z.object({ name: z.string() })).parse(
    await query(
      database.url,
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    ),
  );
  expect(tables.map(({ name }) => name)).toContain('platform.secrets');
  const rows = await Promise.all(tables.map(({ name }) => query(database.url, `SELECT t::text FROM ${name} t`)));
  const listed = await replica.call('GET', PROVIDERS);
  const kept = JSON.stringify(rows) + listed.text + (await replica.metrics());
  expect(kept).toContain('planted');
  expect(kept).not.toContain(KEY);
});
