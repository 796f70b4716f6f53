import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { until } from '../../support/until.js';
import { query } from './ledger-fixture.js';
import { makeBudget, makeKey, makeOwners, migrateAll, startReplica, type Replica } from './replica-fixture.js';

let database: TestDatabase;
let here: Replica;
let there: Replica;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrateAll(database.url);
  const environment = { CEREBRA_AUTH: 'both', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
  const start = () => startReplica(database.url, null, { environment });
  [here, there] = await Promise.all([start(), start()]);
});
afterAll(async () => {
  await Promise.all([here.stop(), there.stop()]);
  await database.drop();
});

function call(replica: Replica, from: Readonly<Record<string, string>>, model = 'demo/echo'): Promise<Response> {
  return fetch(`${replica.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-of-a-caller', 'content-type': 'application/json', ...from },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
  });
}

async function said(reply: Response): Promise<[number, unknown]> {
  return [reply.status, await reply.json()];
}

const ownerOf = async (replica: Replica, path: string) => (await replica.call('GET', `/api/v1/${path}`)).body;

async function made(path: string): Promise<void> {
  await until(async () => (await here.call('GET', `/api/v1/${path}`)).status === 200, 3_000);
}

describe('ids that headers name first', () => {
  it('are there after the first call, once, however many replicas saw them at once', async () => {
    const from = { 'x-org-id': 'acme', 'x-team-id': 'search', 'x-agent-id': 'ranker', 'x-user-id': 'u1' };
    const calls = Array.from({ length: 10 }, (_, turn) => call(turn % 2 === 0 ? here : there, from));
    for (const reply of await Promise.all(calls)) expect((await said(reply))[0]).toBe(200);
    for (const path of ['organizations/acme', 'teams/search', 'agents/ranker']) await made(path);
    expect(await ownerOf(there, 'agents/ranker')).toMatchObject({
      id: 'ranker',
      name: 'ranker',
      origin: 'header',
      org_id: null,
      team_id: null,
    });
    await (await call(there, { ...from, 'x-agent-id': 'after' })).text();
    await made('agents/after');
    expect(await query(database.url, 'SELECT kind, id FROM cerebra.owners')).toHaveLength(4);
  });

  it('can be named, placed, deleted, and come back', async () => {
    await (await call(here, { 'x-team-id': 'movers' })).text();
    await made('teams/movers');
    await makeOwners(here, { organizations: ['home'] });
    const { status } = await here.call('PUT', '/api/v1/teams/movers', { name: 'The movers', org_id: 'home' });
    expect(status).toBe(200);
    expect(await ownerOf(here, 'teams/movers')).toMatchObject({
      name: 'The movers',
      org_id: 'home',
      origin: 'header',
    });
    await here.call('DELETE', '/api/v1/teams/movers');
    await (await call(here, { 'x-team-id': 'movers' })).text();
    await made('teams/movers');
    expect(await ownerOf(here, 'teams/movers')).toMatchObject({ name: 'movers', org_id: null, origin: 'header' });
  });

  it('are not made of users, nor of what is no id, nor for virtual keys', async () => {
    await (await call(here, { 'x-user-id': 'somebody' })).text();
    await (await call(here, { 'x-team-id': 'a b', 'x-agent-id': 'innocent' })).text();
    const { key } = await makeKey(here);
    await (await call(here, { authorization: `Bearer ${key}`, 'x-agent-id': 'claimed' })).text();
    await (await call(here, { 'x-agent-id': 'sentinel' })).text();
    await made('agents/sentinel');
    const rows = await query(
      database.url,
      "SELECT id FROM cerebra.owners WHERE id IN ('somebody', 'a b', 'innocent', 'claimed')",
    );
    expect(rows).toEqual([]);
  });
});

describe('budgets of what only headers name', () => {
  it.each([
    ['team', 'x-team-id'],
    ['agent', 'x-agent-id'],
    ['org', 'x-org-id'],
    ['user', 'x-user-id'],
  ])('hold from the first call: %s', async (scope, header) => {
    await makeBudget(here, { scope, entity_id: `poor-${scope}`, limit_usd: 0 });
    expect(await said(await call(here, { [header]: `poor-${scope}` }))).toMatchObject([
      429,
      { error: { code: 'budget_exceeded', oco: { scope, entity_id: `poor-${scope}` } } },
    ]);
    expect((await said(await call(here, { [header]: `rich-${scope}` })))[0]).toBe(200);
  });

  it('hold above a team too, once that is placed', async () => {
    await makeOwners(here, { organizations: ['above'] });
    await here.call('POST', '/api/v1/teams', { id: 'below', name: 'below', org_id: 'above' });
    await here.call('POST', '/api/v1/agents', { id: 'lowest', name: 'lowest', team_id: 'below' });
    await makeBudget(here, { scope: 'org', entity_id: 'above', limit_usd: 0 });
    for (const [header, id] of Object.entries({ 'x-team-id': 'below', 'x-agent-id': 'lowest' })) {
      // What a header says cannot lead past the place that the team has.
      const forged = { [header]: id, 'x-org-id': 'elsewhere' };
      expect(await said(await call(here, forged))).toMatchObject([429, { error: { oco: { scope: 'org' } } }]);
    }
  });

  it('refuse what has no price, as those of keys do', async () => {
    await makeBudget(here, { scope: 'team', entity_id: 'careful', limit_usd: 100 });
    const reply = await call(here, { 'x-team-id': 'careful' }, 'openai/nobody-knows-its-price');
    expect(await said(reply)).toMatchObject([400, { error: { code: 'price_unknown' } }]);
  });
});
