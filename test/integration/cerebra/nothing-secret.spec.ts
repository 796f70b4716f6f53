import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { json } from '../../simulators/reply.js';
import { GatewayFixture } from './gateway-fixture.js';

let gateway: GatewayFixture;

beforeAll(async () => {
  gateway = await GatewayFixture.start({ environment: { CEREBRA_LEDGER_SYNC: 'always' } });
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
