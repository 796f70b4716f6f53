import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CreateOwners1764000001000 } from '../../../migrations/cerebra/1764000001000-create-owners.js';
import { AddKeyRotation1764000001010 } from '../../../migrations/cerebra/1764000001010-add-key-rotation.js';
import { cerebraMigrations } from '../../../migrations/cerebra/index.js';
import { migrate } from '../../../src/platform/database/migrator.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { cerebraStorage, query } from './ledger-fixture.js';
import { migrateAll, startReplica, type Replica } from './replica-fixture.js';

const LATER: readonly unknown[] = [CreateOwners1764000001000, AddKeyRotation1764000001010];
const earlier = cerebraMigrations.filter((migration) => !LATER.includes(migration));

let database: TestDatabase;
let replica: Replica;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.url, [{ ...cerebraStorage, migrations: earlier }]);
  await query(
    database.url,
    `INSERT INTO cerebra.keys (id, name, digest, prefix, org_id, team_id, agent_id, created_at, revoked_at, revision)
     SELECT id, id, sha256(id::bytea), 'oco_live_xxxx', 'acme', team_id, NULL, '2026-01-01', revoked_at, 1
     FROM (VALUES ('k1', 'search', NULL::timestamptz), ('k2', 'search', NULL), ('k3', 'gone', '2026-02-01'))
          AS keys (id, team_id, revoked_at)`,
  );
  await migrateAll(database.url);
  replica = await startReplica(database.url);
});
afterAll(async () => {
  await replica.stop();
  await database.drop();
});

it('what live keys named before it could be made is there, so that they can be changed', async () => {
  const owner = { origin: 'api', created_at: '2026-01-01T00:00:00.000Z' };
  expect((await replica.call('GET', '/api/v1/organizations')).body).toMatchObject({
    organizations: [{ id: 'acme', name: 'acme', ...owner }],
    total: 1,
  });
  expect((await replica.call('GET', '/api/v1/teams')).body).toMatchObject({
    teams: [{ id: 'search', name: 'search', org_id: null, ...owner }],
    total: 1,
  });
  const { status } = await replica.call('PUT', '/api/v1/keys/k1', { name: 'k1', team_id: 'search', org_id: 'acme' });
  expect(status).toBe(200);
  expect((await replica.call('PUT', '/api/v1/teams/search', { name: 'Search', org_id: 'acme' })).status).toBe(200);
});
