import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { callerWith, fillLedger, makeCall, query } from './ledger-fixture.js';
import { makeBudget, makeKey, makeOwners, startLoneReplica, type Replica } from './replica-fixture.js';

let replica: Replica;
beforeAll(async () => {
  replica = await startLoneReplica();
});
afterAll(() => replica.stop());

const made = z.looseObject({ id: z.string() });
const refusal = z.object({ error: z.looseObject({ code: z.string(), message: z.string() }) });

const kinds = [
  ['organizations', 'Organization'],
  ['teams', 'Team'],
  ['agents', 'Agent'],
] as const;

const parents = { organizations: {}, teams: { org_id: null }, agents: { org_id: null, team_id: null } };

async function refused(method: 'POST' | 'PUT' | 'DELETE' | 'GET', path: string, body?: object) {
  const reply = await replica.call(method, path, body);
  const { code, message } = refusal.parse(reply.body).error;
  return { status: reply.status, code, message };
}

describe.each(kinds)('/api/v1/%s', (path, word) => {
  it('takes the id that is given, and makes one where none is', async () => {
    const id = `given-${path}`;
    const first = await replica.call('POST', `/api/v1/${path}`, { id, name: 'Search & Co.' });
    const expected = {
      id,
      name: 'Search & Co.',
      origin: 'api',
      ...parents[path],
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    };
    expect(first).toMatchObject({ status: 201, body: expected });
    expect((await replica.call('GET', `/api/v1/${path}/${id}`)).body).toEqual(expected);
    expect(await refused('POST', `/api/v1/${path}`, { id, name: 'Another' })).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    const second = made.parse((await replica.call('POST', `/api/v1/${path}`, { name: 'No id' })).body);
    expect(second.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is renamed by PUT, deleted by DELETE, and its id can be taken again', async () => {
    const id = `again-${path}`;
    await replica.call('POST', `/api/v1/${path}`, { id, name: 'Before' });
    const { status, body } = await replica.call('PUT', `/api/v1/${path}/${id}`, { name: 'After' });
    expect([status, body]).toMatchObject([200, { id, name: 'After' }]);
    expect((await replica.call('DELETE', `/api/v1/${path}/${id}`)).status).toBe(204);
    const missing = { status: 404, code: 'not_found', message: `${word} '${id}' does not exist.` };
    expect(await refused('GET', `/api/v1/${path}/${id}`)).toEqual(missing);
    expect(await refused('PUT', `/api/v1/${path}/${id}`, { name: 'x' })).toEqual(missing);
    expect(await refused('DELETE', `/api/v1/${path}/${id}`)).toEqual(missing);
    expect((await replica.call('POST', `/api/v1/${path}`, { id, name: 'Again' })).status).toBe(201);
  });

  it('lists the newest first, page by page', async () => {
    await makeOwners(replica, { [path]: ['p1', 'p2', 'p3'] });
    const page = z.looseObject({ total: z.int(), next_cursor: z.string().nullable(), [path]: z.array(made) });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const more: string = cursor === null ? '' : `&cursor=${cursor}`;
      const body = page.parse((await replica.call('GET', `/api/v1/${path}?limit=2${more}`)).body);
      seen.push(
        ...z
          .array(made)
          .parse(body[path])
          .map(({ id }) => id),
      );
      cursor = z.string().nullable().parse(body.next_cursor);
      expect(body.total).toBeGreaterThan(4);
    } while (cursor !== null);
    expect(seen.slice(0, 3)).toEqual(['p3', 'p2', 'p1']);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ id: 'a b', name: 'x' }, 'id'],
    [{ id: '"', name: 'x' }, 'id'],
    [{ nam: 'x' }, 'did you mean'],
  ])('refuses %j', async (body, message) => {
    const answer = await refused('POST', `/api/v1/${path}`, body);
    expect(answer).toMatchObject({ status: 422, code: 'validation_error' });
    expect(answer.message).toContain(message);
  });
});

describe('what stands below something', () => {
  beforeAll(async () => {
    await makeOwners(replica, { organizations: ['up', 'other'] });
    await replica.call('POST', '/api/v1/teams', { id: 'mid', name: 'The mid', org_id: 'The up' });
    await replica.call('POST', '/api/v1/agents', { id: 'low', name: 'The low', team_id: 'mid' });
  });

  it('names it by its id or its name', async () => {
    expect((await replica.call('GET', '/api/v1/teams/mid')).body).toMatchObject({ org_id: 'up' });
    expect((await replica.call('GET', '/api/v1/agents?team_id=mid')).body).toMatchObject({
      agents: [{ id: 'low', team_id: 'mid', org_id: null }],
      total: 1,
    });
  });

  it.each([
    ['teams', { org_id: 'nobody' }, /no organization 'nobody'/],
    ['agents', { team_id: 'nobody' }, /no team 'nobody'/],
    ['agents', { team_id: 'mid', org_id: 'other' }, /below the organization 'up'/],
    ['keys', { org_id: 'nobody' }, /no organization 'nobody'/],
    ['keys', { team_id: 'nobody' }, /no team 'nobody'/],
    ['keys', { agent_id: 'nobody' }, /no agent 'nobody'/],
    ['keys', { agent_id: 'low', team_id: 'search2' }, /belongs to the team 'mid'/],
    ['keys', { agent_id: 'low', org_id: 'other' }, /below the organization 'up'/],
  ])('in %s is refused as %j', async (path, fields, message) => {
    await makeOwners(replica, { teams: ['search2'] });
    const answer = await refused('POST', `/api/v1/${path}`, { name: 'x', ...fields });
    expect(answer).toMatchObject({ status: 422, code: 'validation_error' });
    expect(answer.message).toMatch(message);
  });

  it('keeps it from being deleted', async () => {
    const { id } = await makeKey(replica, { agent_id: 'low' });
    expect(await refused('DELETE', '/api/v1/organizations/up')).toMatchObject({
      status: 409,
      message: expect.stringContaining('1 team or agent:'),
    });
    expect(await refused('DELETE', '/api/v1/teams/mid')).toMatchObject({ status: 409 });
    expect(await refused('DELETE', '/api/v1/agents/low')).toMatchObject({
      status: 409,
      message: expect.stringContaining('1 key:'),
    });
    await replica.call('DELETE', `/api/v1/keys/${id}`);
    for (const path of ['agents/low', 'teams/mid', 'organizations/up']) {
      expect((await replica.call('DELETE', `/api/v1/${path}`)).status).toBe(204);
    }
  });
});

describe('analytics', () => {
  it('show names, also of what is deleted, and ids of what has none', async () => {
    await makeOwners(replica, { organizations: ['named'], agents: ['gone'] });
    await replica.call('DELETE', '/api/v1/agents/gone');
    const caller = callerWith({ orgId: 'named', teamId: 'nameless', agentId: 'gone' });
    await fillLedger(replica.databaseUrl, [makeCall(1, (call) => (call.caller = caller))]);
    const names = async (dimension: string) =>
      (await replica.call('GET', `/api/v1/analytics/summary?group_by=${dimension}`)).body;
    const group = { total_requests: 1 };
    expect(await names('org')).toMatchObject({
      data: [{ ...group, dimension_id: 'named', dimension_name: 'The named' }],
    });
    expect(await names('team')).toMatchObject({
      data: [{ ...group, dimension_id: 'nameless', dimension_name: 'nameless' }],
    });
    expect(await names('agent')).toMatchObject({
      data: [{ ...group, dimension_id: 'gone', dimension_name: 'The gone' }],
    });
  });
});

describe('a key', () => {
  const scopesOf = (key: string): string[] => {
    const caller = replica.keys.find(key);
    if (caller === null) throw new Error('The key does not open.');
    return replica.budgets.applicable(caller, 'm', 'p').map(({ scope, entityId }) => `${scope} ${entityId}`);
  };

  it('is held by the budgets of its agent, its team and its organisation, as they are placed now', async () => {
    await makeOwners(replica, { organizations: ['o1', 'o2'] });
    await replica.call('POST', '/api/v1/teams', { id: 't1', name: 't1', org_id: 'o1' });
    await replica.call('POST', '/api/v1/teams', { id: 't2', name: 't2', org_id: 'o2' });
    await replica.call('POST', '/api/v1/agents', { id: 'a1', name: 'a1', team_id: 't1' });
    for (const [scope, ids] of Object.entries({ org: ['o1', 'o2'], team: ['t1', 't2'], agent: ['a1'] })) {
      for (const entity_id of ids) await makeBudget(replica, { scope, entity_id });
    }
    const { key } = await makeKey(replica, { agent_id: 'a1' });
    expect(scopesOf(key)).toEqual(['agent a1', 'team t1', 'org o1']);
    const before = replica.keys.find(key);
    await replica.call('PUT', '/api/v1/agents/a1', { name: 'still there', team_id: 't1' });
    expect(replica.keys.find(key)).toBe(before);
    await replica.call('PUT', '/api/v1/agents/a1', { name: 'a1', team_id: 't2' });
    expect(scopesOf(key)).toEqual(['agent a1', 'team t2', 'org o2']);
    await replica.call('PUT', '/api/v1/teams/t2', { name: 't2', org_id: 'o1' });
    expect(scopesOf(key)).toEqual(['agent a1', 'team t2', 'org o1']);
  });

  it('can have its budgets named by name, and by ids that are yet to come', async () => {
    await makeOwners(replica, { teams: ['by-name'] });
    expect(await makeBudget(replica, { scope: 'team', entity_id: 'The by-name' })).toMatchObject({
      entity_id: 'by-name',
    });
    expect(await makeBudget(replica, { scope: 'team', entity_id: 'to-come' })).toMatchObject({ entity_id: 'to-come' });
  });

  it('that named its organisation can still be rotated and revoked when its team has moved away', async () => {
    await makeOwners(replica, { organizations: ['from', 'to'] });
    await replica.call('POST', '/api/v1/teams', { id: 'mover', name: 'mover', org_id: 'from' });
    const { id, key } = await makeKey(replica, { team_id: 'mover', org_id: 'from' });
    await replica.call('PUT', '/api/v1/teams/mover', { name: 'mover', org_id: 'to' });
    expect(replica.keys.find(key)).toMatchObject({ teamId: 'mover', orgId: 'to' });
    expect((await replica.call('POST', `/api/v1/keys/${id}/rotate`)).status).toBe(200);
    expect((await replica.call('DELETE', `/api/v1/keys/${id}`)).status).toBe(204);
  });

  it('and what it names cannot be deleted at the same time', async () => {
    await makeOwners(replica, { teams: Array.from({ length: 10 }, (_, turn) => `race-${turn}`) });
    await Promise.all(
      Array.from({ length: 10 }, async (_, turn) => {
        const [key, removal] = await Promise.all([
          replica.call('POST', '/api/v1/keys', { name: 'racer', team_id: `race-${turn}` }),
          replica.call('DELETE', `/api/v1/teams/race-${turn}`),
        ]);
        expect([key.status, removal.status]).toEqual(key.status === 201 ? [201, 409] : [422, 204]);
      }),
    );
    expect(
      await query(
        replica.databaseUrl,
        `SELECT k.id FROM cerebra.keys k JOIN cerebra.owners o ON o.kind = 'team' AND o.id = k.team_id
         WHERE k.revoked_at IS NULL AND o.deleted_at IS NOT NULL`,
      ),
    ).toEqual([]);
  });
});
