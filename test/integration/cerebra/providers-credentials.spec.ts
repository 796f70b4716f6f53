import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { completion, events } from '../../simulators/openai/wire.js';
import { OpenAiSimulator } from '../../simulators/openai/simulator.js';
import { json, sse, type Reply } from '../../simulators/reply.js';
import { keyOf } from '../../simulators/simulator.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { until } from '../../support/until.js';
import { Client, makeProvider, PROVIDERS, readProvider, statesOf } from './providers-fixture.js';
import { migrateAll, startReplica, type Replica } from './replica-fixture.js';

const refusal = (status: number, headers = {}): Reply =>
  json(JSON.stringify({ error: { message: `refused with ${status}` } }), status, headers);

const page = z.object({
  requests: z.array(z.looseObject({ outcome: z.string(), status_code: z.number().nullable() })),
});

describe.each(['own', 'undici'])('several keys of a provider, with CEREBRA_UPSTREAM_CLIENT=%s', (upstreamClient) => {
  let simulator: OpenAiSimulator;
  let database: TestDatabase;
  let replica: Replica;
  let client: Client;
  let made = 0;
  beforeAll(async () => {
    simulator = await OpenAiSimulator.start();
    database = await createTestDatabase();
    await migrateAll(database.url);
    replica = await startReplica(database.url, null, {
      masterKeys: [randomBytes(32).toString('base64')],
      environment: { CEREBRA_UPSTREAM_CLIENT: upstreamClient },
    });
    client = await Client.of(replica);
  });
  afterAll(async () => {
    await Promise.all([replica.stop(), simulator.stop()]);
    await database.drop();
  });

  /** A provider of its own for each test, with so many keys. */
  async function providerWith(...weights: number[]) {
    const name = `p${made++}`;
    const keys = weights.map((_, place) => `sk-${name}-${place}-of-the-provider`);
    const credentials = weights.map((weight, place) => ({ api_key: keys[place], weight }));
    await makeProvider(replica, { name, base_url: simulator.baseUrl, credentials });
    const before = simulator.requests.length;
    const used = (): number[] => simulator.requests.slice(before).map((request) => keys.indexOf(keyOf(request) ?? ''));
    return { name, model: `${name}/m`, keys, used };
  }

  const rows = async ({ keyId }: Client, atLeast: number) => {
    let found: z.output<typeof page>['requests'] = [];
    await until(async () => {
      found = page.parse((await replica.call('GET', `/api/v1/requests?key_id=${keyId}`)).body).requests;
      return found.length >= atLeast;
    });
    return found;
  };

  it('share its calls by their weights', async () => {
    const { model, used } = await providerWith(3, 1);
    for (let calls = 0; calls < 8; calls++) expect((await client.chat(model)).status).toBe(200);
    expect(used().filter((key) => key === 0)).toHaveLength(6);
  });

  it.each([401, 402, 403, 429])('take over from one that is answered with %d, within the same call', async (status) => {
    const { name, model, keys, used } = await providerWith(1, 1);
    simulator.answerKey(keys[0] ?? '', refusal(status, { 'retry-after': '100' }));
    const own = await Client.of(replica, { budget: { limit_usd: 1, period: 'total', hard: false } });
    for (let calls = 0; calls < 3; calls++) {
      const reply = await own.chat(model);
      expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('chat.completion')]);
    }
    expect(used()).toEqual([0, 1, 1, 1]);
    expect(await rows(own, 3)).toMatchObject([{ outcome: 'ok' }, { outcome: 'ok' }, { outcome: 'ok' }]);
    const { credentials } = await readProvider(replica, name);
    expect(credentials.map(({ state }) => state)).toEqual([status === 429 ? 'resting' : 'failing', 'active']);
    const restsFor = Date.parse(credentials[0]?.rests_until ?? '') - Date.now();
    expect(restsFor).toBeGreaterThan(90_000);
    expect(restsFor).toBeLessThanOrEqual(100_000);
    expect(await replica.metrics()).toContain(
      `cerebra_credential_retries_total{provider="${name}",status="${status}",context="cerebra"} 1`,
    );
  });

  it('are used again when their rest is over', async () => {
    const { name, model, keys, used } = await providerWith(1, 1);
    simulator.answerKey(keys[0] ?? '', refusal(429, { 'retry-after-ms': '200' }));
    await client.chat(model);
    expect(await statesOf(replica, name)).toEqual(['resting', 'active']);
    simulator.answerKey(keys[0] ?? '', null);
    await until(async () => {
      await client.chat(model);
      return used().slice(1).includes(0);
    });
    expect(await statesOf(replica, name)).toEqual(['active', 'active']);
  });

  it('take over a stream before its first byte', async () => {
    const { model, keys, used } = await providerWith(1, 1);
    simulator.answerKey(keys[0] ?? '', refusal(429));
    const streamed = { model, messages: [{ role: 'user', content: 'Hello' }], stream: true };
    const pieces = events(streamed);
    simulator.next(sse(pieces));
    const reply = await client.chat(model, streamed);
    expect(await reply.text()).toContain('[DONE]');
    expect(used()).toEqual([0, 1]);
  });

  it('answer with what the last one was told, when all are refused; the last one does not rest', async () => {
    const { name, model, keys, used } = await providerWith(1, 1, 1);
    keys.forEach((key, place) => simulator.answerKey(key, refusal(429, { 'retry-after': String(50 + place) })));
    const own = await Client.of(replica);
    const reply = await own.chat(model);
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '52']);
    expect(used()).toEqual([0, 1, 2]);
    expect(await rows(own, 1)).toMatchObject([{ outcome: 'upstream_error', status_code: 429 }]);
    expect(await statesOf(replica, name)).toEqual(['resting', 'resting', 'active']);
    // And no call goes through all of them again.
    await own.chat(model);
    expect(used()).toEqual([0, 1, 2, 2]);
  });

  it.each([400, 404, 500, 503])('do not try again what is answered with %d', async (status) => {
    const { model, keys, used } = await providerWith(1, 1);
    simulator.answerKey(keys[0] ?? '', refusal(status));
    expect((await client.chat(model)).status).toBe(status);
    expect(used()).toEqual([0]);
  });

  it('a lone one never rests: what it is told goes to the client', async () => {
    const { name, model, keys, used } = await providerWith(1);
    simulator.answerKey(keys[0] ?? '', refusal(429, { 'retry-after': '33' }));
    for (let calls = 0; calls < 2; calls++) {
      const reply = await client.chat(model);
      expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '33']);
    }
    expect(used()).toEqual([0, 0]);
    expect(await statesOf(replica, name)).toEqual(['active']);
    simulator.answerKey(keys[0] ?? '', refusal(401));
    await client.chat(model);
    expect(await statesOf(replica, name)).toEqual(['failing']);
    simulator.answerKey(keys[0] ?? '', null);
    await client.chat(model);
    expect(await statesOf(replica, name)).toEqual(['active']);
  });

  it('are not tried for a client that has left', async () => {
    const { model, keys, used } = await providerWith(1, 1);
    simulator.answerKey(keys[0] ?? '', { ...refusal(429), waitMs: 300 });
    const leaving = new AbortController();
    const own = await Client.of(replica);
    const call = own.chat(model, {}, { signal: leaving.signal }).catch((error: unknown) => error);
    await until(() => used().length === 1);
    leaving.abort();
    await call;
    expect(await rows(own, 1)).toMatchObject([{ outcome: 'client_abort' }]);
    expect(used()).toEqual([0]);
  });

  it('rest after what is only passed through, too, whose answer stands', async () => {
    const { model, name, keys, used } = await providerWith(1, 1);
    simulator.answerKey(keys[0] ?? '', refusal(429));
    expect((await client.post(`/v1/proxy/${name}/v1/files`, {})).status).toBe(429);
    expect(
      (
        await client.post(`/v1/proxy/${name}/v1/chat/completions`, {
          model,
          messages: [{ role: 'user', content: 'x' }],
        })
      ).status,
    ).toBe(200);
    expect((await client.post(`/v1/proxy/${name}/v1/files`, {})).status).toBe(404);
    expect(used()).toEqual([0, 1, 1]);
  });

  it('a running call ends on the provider that it began with, though that is changed or deleted', async () => {
    const { name, model } = await providerWith(1);
    const streamed = { model, messages: [{ role: 'user', content: 'Hello' }], stream: true };
    const pieces = events(streamed);
    const slow = (): Reply => sse(pieces, { paceMs: 600 / pieces.length });
    simulator.next(slow(), slow());
    const running = [await client.chat(model, streamed), await client.post(`/v1/proxy/${name}/v1/unknown`, {})];
    const body = { kind: 'openai-compatible', base_url: simulator.baseUrl, models: ['changed'] };
    expect((await replica.call('PUT', `${PROVIDERS}/${name}`, body)).status).toBe(200);
    simulator.next(json(completion(streamed)));
    expect((await client.chat(model)).status).toBe(200);
    expect((await replica.call('DELETE', `${PROVIDERS}/${name}`)).status).toBe(204);
    expect((await client.chat(model)).status).toBe(404);
    expect((await client.post(`/v1/proxy/${name}/v1/unknown`, {})).status).toBe(404);
    for (const reply of running) expect(await reply.text()).toContain('[DONE]');
  });
});
