import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { destroyProcesses, OcoProcess } from '../support/process.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(destroyProcesses);
afterAll(() => database.drop());

async function count(statement: string): Promise<number> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(statement)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

describe('two replicas that start at once on an empty database', () => {
  it('migrate it once, and make one admin key between them, which both accept', async () => {
    const environment = { DATABASE_URL: database.url };
    const houses = await Promise.all([OcoProcess.start(environment), OcoProcess.start(environment)]);

    const applied = houses.flatMap(({ stdout }) => [...stdout.matchAll(/: applied (\w+)/g)].map(([, name]) => name));
    expect(applied.length).toBeGreaterThan(4);
    expect(new Set(applied).size).toBe(applied.length);

    const keys = houses.map(({ adminKey }) => adminKey).filter((key) => key !== '');
    expect(keys).toHaveLength(1);
    expect(await count('SELECT 1 FROM platform.access_keys')).toBe(1);
    for (const house of houses) {
      const reply = await fetch(house.url('cerebra', '/api/v1/access-keys'), {
        headers: { authorization: `Bearer ${keys[0]}` },
      });
      expect(reply.status).toBe(200);
    }
    for (const house of houses) expect((await house.stop()).code).toBe(0);
  });
});
