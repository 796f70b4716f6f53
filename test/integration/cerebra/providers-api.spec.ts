import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { OpenAiSimulator } from '../../simulators/openai/simulator.js';
import { keyOf } from '../../simulators/simulator.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { until } from '../../support/until.js';
import { query } from './ledger-fixture.js';
import { Client, makeProvider, PROVIDERS, readProvider, refusalOf } from './providers-fixture.js';
import { migrateAll, startReplica, type Replica } from './replica-fixture.js';

/** Changes hold on every replica within a second. */
const WITHIN_MS = 1_000;
const KEY = 'sk-planted-in-a-provider-9876';
const ANOTHER_KEY = 'sk-another-one-that-is-kept-5432';
const masterKeys = [randomBytes(32).toString('base64')];

let simulator: OpenAiSimulator;
let database: TestDatabase;
let replica: Replica;
let other: Replica;
beforeAll(async () => {
  simulator = await OpenAiSimulator.start();
  database = await createTestDatabase();
  await migrateAll(database.url);
  const environment = { OPENAI_API_KEY: 'sk-of-the-environment-1234', OPENAI_BASE_URL: simulator.baseUrl };
  [replica, other] = await Promise.all([
    startReplica(database.url, null, { masterKeys, environment }),
    startReplica(database.url, null, { masterKeys, environment }),
  ]);
});
afterAll(async () => {
  await Promise.all([replica.stop(), other.stop(), simulator.stop()]);
  await database.drop();
});

const remove = (name: string) => replica.call('DELETE', `${PROVIDERS}/${name}`);
const secretsStored = async (): Promise<number> =>
  (await query(database.url, "SELECT id FROM platform.secrets WHERE purpose = 'cerebra.provider'")).length;
const lastKey = (): string | undefined => keyOf(simulator.chats.at(-1) ?? { headers: {} });

describe('a provider that is made', () => {
  it('is shown as it was given, but for its keys', async () => {
    const fields = {
      name: 'shown',
      kind: 'openai-compatible',
      base_url: simulator.baseUrl,
      models: ['llama-*'],
      headers: { 'X-Project': 'p-1' },
      credentials: [{ api_key: KEY, weight: 3 }, { api_key: 'short' }],
    };
    const made = await replica.call('POST', PROVIDERS, fields);
    expect(made).toMatchObject({
      status: 201,
      body: {
        ...fields,
        origin: 'api',
        headers: { 'x-project': 'p-1' },
        enabled: true,
        catalogue: null,
        credentials: [
          { last4: '9876', weight: 3, state: 'active', rests_until: null },
          { last4: '', weight: 1, state: 'active', rests_until: null },
        ],
      },
    });
    const { id } = await readProvider(replica, 'shown');
    const read = await replica.call('GET', `${PROVIDERS}/${id}`);
    expect(read.body).toEqual(made.body);
    expect(made.text + read.text).not.toContain(KEY);
    expect((await remove(id)).status).toBe(204);
    expect((await replica.call('GET', `${PROVIDERS}/${id}`)).status).toBe(404);
  });

  it('has a name of its own', async () => {
    await makeProvider(replica, { name: 'once', base_url: simulator.baseUrl });
    const body = { name: 'once', kind: 'openai-compatible', base_url: simulator.baseUrl };
    const again = await Promise.all([replica, other].map((one) => one.call('POST', PROVIDERS, body)));
    expect(again.map(({ status }) => status)).toEqual([409, 409]);
    await remove('once');
    const racing = await Promise.all([replica, other].map((one) => one.call('POST', PROVIDERS, body)));
    expect(racing.map(({ status }) => status)).toEqual(expect.arrayContaining([201, 409]));
    await remove('once');
  });

  it.each([
    [{ name: 'No Slug' }, 'name', /lower-case/],
    [{ kind: 'azure' }, 'kind', /openai-compatible/],
    [{ base_url: undefined }, 'base_url', /kind is openai-compatible/],
    [{ kind: 'openai', base_url: null, credentials: [] }, 'credentials', /no base_url/],
    [{ base_url: 'http://169.254.169.254/' }, 'base_url', /metadata/],
    [{ base_url: 'https://me:secret@example.com' }, 'base_url', /without a user/],
    [{ credentials: [{ api_key: 'with a space' }] }, 'credentials.0.api_key', /ASCII/],
    [{ credentials: [{ api_key: 'k', weight: 0 }] }, 'credentials.0.weight', /./],
    [{ credentials: Array.from({ length: 21 }, () => ({ api_key: 'k' })) }, 'credentials', /./],
    [{ headers: { Authorization: 'Bearer x' } }, 'headers.Authorization', /carries a key/],
    [{ headers: { 'api-key': 'x' } }, 'headers.api-key', /carries a key/],
    [{ headers: { 'transfer-encoding': 'chunked' } }, 'headers.transfer-encoding', /connection/],
    [{ headers: { 'x-a': 'line\nbreak' } }, 'headers.x-a', /ASCII/],
    [{ credential_header: 'x-secret' }, 'credential_header', /./],
  ])('is refused with %j, saying what is expected of %s', async (fields, path, message) => {
    const before = await secretsStored();
    const body = { name: 'refused', kind: 'openai-compatible', base_url: 'https://llm.example.com', ...fields };
    const reply = await replica.call('POST', PROVIDERS, body);
    expect(reply.status).toBe(422);
    const { details } = z
      .object({ error: z.object({ details: z.record(z.string(), z.string()) }) })
      .parse(reply.body).error;
    expect([details, details[path]]).toEqual([details, expect.stringMatching(message)]);
    expect(await secretsStored()).toBe(before);
  });
});

describe('the providers of the environment', () => {
  it('are listed with the others, and paged', async () => {
    await makeProvider(replica, { name: 'a-first', base_url: simulator.baseUrl });
    const page = z.object({
      providers: z.array(z.looseObject({ name: z.string(), origin: z.string() })),
      total: z.number(),
      next_cursor: z.string().nullable(),
    });
    const first = page.parse((await replica.call('GET', `${PROVIDERS}?limit=2`)).body);
    const second = page.parse((await replica.call('GET', `${PROVIDERS}?limit=2&cursor=${first.next_cursor}`)).body);
    expect([...first.providers, ...second.providers]).toMatchObject([
      { name: 'a-first', origin: 'api' },
      { name: 'demo', origin: 'environment', kind: 'demo' },
      {
        name: 'openai',
        origin: 'environment',
        base_url: simulator.baseUrl,
        credentials: [{ last4: '1234', state: 'active' }],
      },
    ]);
    expect([first.total, second.next_cursor]).toEqual([3, null]);
    await remove('a-first');
  });

  it('are changed there, and their names are taken', async () => {
    const body = { kind: 'openai', credentials: [{ api_key: KEY }] };
    const refusals = [
      await replica.call('POST', PROVIDERS, { ...body, name: 'openai' }),
      await replica.call('PUT', `${PROVIDERS}/openai`, body),
      await remove('openai'),
      await remove('demo'),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([409, 409, 409, 409]);
    expect(refusals[0]?.text).toContain('OPENAI_API_KEY');
    expect(refusals[3]?.text).toContain('CEREBRA_DEMO');
  });
});

describe('a change', () => {
  it('keeps keys by their ids, seals new ones, and forgets the others', async () => {
    const before = await secretsStored();
    const made = await makeProvider(replica, {
      name: 'changed',
      base_url: simulator.baseUrl,
      credentials: [{ api_key: KEY }, { api_key: ANOTHER_KEY }],
    });
    const [, kept] = made.credentials;
    const settings = { kind: 'openai-compatible', base_url: simulator.baseUrl };
    const put = (body: object) => replica.call('PUT', `${PROVIDERS}/changed`, { ...settings, ...body });

    expect((await put({ credentials: [{ id: kept?.id, weight: 7 }, { api_key: `${KEY}-new` }] })).body).toMatchObject({
      credentials: [
        { id: kept?.id, last4: '5432', weight: 7 },
        { last4: '-new', weight: 1 },
      ],
    });
    expect(await secretsStored()).toBe(before + 2);
    expect((await put({ models: ['m'] })).body).toMatchObject({ models: ['m'], credentials: [{ id: kept?.id }, {}] });
    expect((await put({ credentials: [{ id: 'unknown' }] })).text).toContain('credentials.0.id');
    expect((await put({ credentials: [{ id: kept?.id }, { id: kept?.id }] })).status).toBe(422);
    expect((await put({ name: 'renamed' })).status).toBe(422);
    expect((await put({ kind: 'openai', base_url: null, credentials: [] })).status).toBe(422);
    expect(await secretsStored()).toBe(before + 2);
    await remove('changed');
    expect(await secretsStored()).toBe(before);
    expect((await put({})).status).toBe(404);
  });

  it('holds on every replica within a second, in calls too', async () => {
    const client = (await Client.of(replica)).at(other);
    const status = async (): Promise<number> => (await client.chat('live/llama')).status;
    // The prefix is no provider's: the one of the environment has any model.
    const ofEnvironment = async () => (await status()) === 200 && lastKey() === 'sk-of-the-environment-1234';
    await until(ofEnvironment, WITHIN_MS);

    await makeProvider(replica, { name: 'live', base_url: simulator.baseUrl, credentials: [{ api_key: KEY }] });
    await until(async () => (await status()) === 200 && lastKey() === KEY, WITHIN_MS);

    const settings = { kind: 'openai-compatible', base_url: simulator.baseUrl };
    await replica.call('PUT', `${PROVIDERS}/live`, { ...settings, credentials: [{ api_key: ANOTHER_KEY }] });
    await until(async () => (await status()) === 200 && lastKey() === ANOTHER_KEY, WITHIN_MS);

    await replica.call('PUT', `${PROVIDERS}/live`, { ...settings, enabled: false });
    await until(async () => (await status()) === 403, WITHIN_MS);
    expect(await refusalOf(await client.chat('live/llama'))).toMatchObject({ code: 'provider_disabled' });
    expect((await client.post('/v1/proxy/live/v1/files', {})).status).toBe(403);

    await remove('live');
    await until(ofEnvironment, WITHIN_MS);
  });
});
