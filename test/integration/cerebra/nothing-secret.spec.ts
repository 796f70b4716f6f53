import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { json } from '../../simulators/reply.js';
import { GatewayFixture } from './gateway-fixture.js';

let gateway: GatewayFixture;

beforeAll(async () => {
  gateway = await GatewayFixture.start({ environment: { CEREBRA_LEDGER_SYNC: 'always', CEREBRA_AUTH: 'both' } });
});

afterAll(() => gateway.stop());

const PROMPT = 'the-prompt-that-nobody-may-keep';
const REPLY = 'the-reply-that-nobody-may-keep';

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** Every row of every table, as text. */
async function everythingStored(): Promise<string> {
  const dataSource = gateway.app.get(DataSource, { strict: false });
  const tables = z.array(z.object({ name: z.string() })).parse(
    await dataSource.query(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
          WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    ),
  );
  expect(tables.length).toBeGreaterThan(3);
  const rows = await Promise.all(tables.map(({ name }) => dataSource.query(`SELECT t::text FROM ${name} t`)));
  return JSON.stringify(rows);
}

async function metrics(): Promise<string> {
  const reply = await fetch(`${gateway.url}/metrics`);
  expect(reply.status).toBe(200);
  return reply.text();
}

it('keeps no prompt, no reply and no key: not in the database, not in the spool, not in the log, not upstream', async () => {
  const { id, key } = await gateway.key({ budget: { limit_usd: 1, period: 'total' } });
  const spoken = JSON.stringify({
    choices: [{ message: { content: REPLY } }],
    usage: { prompt_tokens: 3, completion_tokens: 2 },
  });
  const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: PROMPT }], max_tokens: 10 };
  const headers = { 'x-api-key': key, cookie: `key=${key}`, 'x-forwarded-for': '10.1.2.3', 'x-agent-id': 'forged' };

  gateway.simulator.next(json(spoken), json(`broken ${REPLY}`, 500), { ...json(spoken), pieces: [], ending: 'reset' });
  for (let call = 0; call < 3; call++) await (await gateway.chat(key, chat, headers)).text();
  await (await gateway.chat(key, { ...chat, max_tokens: 1e9 }, headers)).text();
  await (await gateway.chat(key, `{"model":"gpt-4o","messages":"${PROMPT}`, headers)).text();
  await (await gateway.chat(`${key}x`, chat, headers)).text();
  await gateway.rows(id, 5);

  const stored = await everythingStored();
  expect(stored).toContain(id);
  const spool = filesUnder(gateway.dataDir).map((path) => readFileSync(path, 'latin1'));
  expect(spool.length).toBeGreaterThan(0);
  const upstream = gateway.simulator.requests.map(({ headers }) => JSON.stringify(headers)).join();
  expect(gateway.simulator.chats).toHaveLength(3);
  for (const [place, kept] of [
    ['database', stored],
    ['spool', spool.join()],
    ['log', gateway.log.join()],
    ['upstream', upstream],
  ]) {
    for (const secret of [PROMPT, REPLY, key, '10.1.2.3', 'forged']) {
      expect([place, secret, kept?.includes(secret)]).toEqual([place, secret, false]);
    }
  }
  expect(upstream).toContain('Bearer sk-of-the-provider');
  expect(stored + spool.join() + gateway.log.join()).not.toContain('sk-of-the-provider');
});

it("keeps no key of a caller's own, wherever it stands and however the call ends, and shows it to its provider alone", async () => {
  // Without the marks by which the log would know a key and hide it.
  const own = 'the-own-key-that-nobody-may-keep';
  const from = { 'x-agent-id': 'with-own-key' };
  const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: PROMPT }], max_tokens: 10 };
  const post = (path: string, headers: Readonly<Record<string, string>>, body: object = chat): Promise<Response> =>
    fetch(gateway.url + path, { method: 'POST', headers: { ...from, ...headers }, body: JSON.stringify(body) });
  const bearer = { authorization: `Bearer ${own}` };
  const before = gateway.simulator.requests.length;

  gateway.simulator.next(json('{}'), json(`no ${REPLY}`, 401), { ...json('{}'), pieces: [], ending: 'reset' });
  for (let call = 0; call < 3; call++) await (await gateway.chat(own, chat, from)).text();
  await (await gateway.chat(own, '{"broken', from)).text();
  await (await gateway.chat(own, chat, { 'x-team-id': `"${own}"` })).text();
  await (await post('/v1/messages', { 'x-api-key': own }, { ...chat, model: 'claude-sonnet-4-6' })).text();
  await (await post(`/v1beta/models/gemini-2.5-flash:generateContent?key=${own}`, {}, { contents: [] })).text();
  await (await post(`/v1beta/models/gemini-2.5-flash:nothing?key=${own}`, {})).text();
  await (await post(`/v1/nothing?key=${own}`, bearer)).text();
  await (await post(`/v1/proxy/openai/v1/files?key=${own}`, bearer)).text();
  await (await post(`/v1/proxy/nobody/v1/files?key=${own}`, bearer)).text();
  gateway.simulator.next({ ...json('{}'), pieces: [], ending: 'reset' });
  await post('/v1/proxy/openai/v1/files', bearer).then((reply) => reply.text(), String);
  await (await fetch(`${gateway.url}/v1/models?key=${own}`, { headers: from })).text();
  await gateway.rowsOf('agent', 'with-own-key', 8);

  const spool = filesUnder(gateway.dataDir).map((path) => readFileSync(path, 'latin1'));
  for (const [place, kept] of [
    ['database', await everythingStored()],
    ['spool', spool.join()],
    ['log', gateway.log.join()],
    ['metrics', await metrics()],
  ]) {
    for (const secret of [PROMPT, REPLY, own]) {
      expect([place, secret, kept?.includes(secret)]).toEqual([place, secret, false]);
    }
  }
  const seen = gateway.simulator.requests.slice(before);
  expect(seen.length).toBeGreaterThan(4);
  for (const { path, headers } of seen) {
    expect(path).not.toContain(own);
    expect(JSON.stringify(headers)).not.toContain('of-the-provider');
  }
  expect(gateway.anthropic.requests.at(-1)?.headers['x-api-key']).toBe(own);
  expect(gateway.gemini.requests.at(-1)?.headers['x-goog-api-key']).toBe(own);
});
