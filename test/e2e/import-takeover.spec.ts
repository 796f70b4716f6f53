import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { z } from 'zod';
import { focusCsv } from '../integration/economist/focus-csv.js';
import { bearer } from '../support/gateway-client.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { destroyProcesses, makeHome, OcoProcess } from '../support/process.js';
import { until } from '../support/until.js';

let database: TestDatabase;
beforeEach(async () => (database = await createTestDatabase()));
afterEach(async () => {
  await destroyProcesses();
  await database.drop();
});

const run = z.looseObject({
  id: z.string(),
  status: z.string(),
  progress: z.looseObject({ rows: z.number() }),
  accepted_rows: z.number(),
  slices: z.array(z.looseObject({ state: z.string(), rows: z.number() })),
});
type Run = z.output<typeof run>;

/** A replica of Economist alone. */
const start = (role: string, folder: string, more: Readonly<Record<string, string>> = {}): Promise<OcoProcess> =>
  OcoProcess.start({
    DATABASE_URL: database.url,
    CEREBRA_ENABLED: 'false',
    AEGIS_ENABLED: 'false',
    CONSOLE_ENABLED: 'false',
    ECONOMIST_ROLE: role,
    ECONOMIST_IMPORT_ROOTS: folder,
    ...more,
  });

async function query<Row>(sql: string, shape: z.ZodType<Row>): Promise<Row> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    return shape.parse((await client.query(sql)).rows[0]);
  } finally {
    await client.end();
  }
}

const LEDGER = 'SELECT count(*)::int AS rows, sum(billed_cost)::text AS billed FROM economist.charges';
const ledger = () => query(LEDGER, z.object({ rows: z.number(), billed: z.string() }));
const restatements = () =>
  query('SELECT count(*)::int AS count FROM economist.restatements', z.object({ count: z.number() }));

describe('an import whose worker is killed in the middle', () => {
  it('leaves the old figures, and ends as an uninterrupted one would once another worker takes it over', async () => {
    const folder = makeHome();
    await writeFile(join(folder, 'estimated.csv'), focusCsv(['1', '2']));
    const costs = Array.from({ length: 400_000 }, (_, index) => `${index % 7}.5`);
    await writeFile(join(folder, 'final.csv'), focusCsv(costs));

    const [api, worker] = await Promise.all([start('api', folder), start('worker', folder)]);
    const key = [api, worker].map(({ adminKey }) => adminKey).find((shown) => shown !== '') ?? '';
    const get = async (id: string): Promise<Run> =>
      run.parse(await (await fetch(api.url('economist', `/api/v1/runs/${id}`), { headers: bearer(key) })).json());
    const importFile = async (name: string): Promise<Run> => {
      const reply = await fetch(api.url('economist', '/api/v1/imports'), {
        method: 'POST',
        headers: { ...bearer(key), 'content-type': 'application/json' },
        body: JSON.stringify({ path: join(folder, name) }),
      });
      return run.parse(await reply.json());
    };
    expect((await fetch(worker.url('economist', '/api/v1/runs'), { headers: bearer(key) })).status).toBe(503);
    expect((await fetch(worker.url('economist', '/health/ready'))).status).toBe(200);

    const first = await importFile('estimated.csv');
    await until(async () => (await get(first.id)).status === 'completed', 20_000);

    const second = await importFile('final.csv');
    await until(async () => (await get(second.id)).progress.rows > 0, 20_000);
    worker.signal('SIGKILL');
    await worker.exited;
    expect(await get(second.id)).toMatchObject({ status: 'running', accepted_rows: 0, slices: [] });
    expect(await ledger()).toEqual({ rows: 2, billed: '3' });

    const successor = await start('worker', folder);
    await until(
      async () => (await get(second.id)).status === 'completed',
      90_000,
      () => successor.output,
    );
    expect(await get(second.id)).toMatchObject({
      accepted_rows: 400_000,
      rejected_rows: 0,
      progress: { rows: 400_000, percent: 100 },
      slices: [{ state: 'replaced', rows: 400_000 }],
    });
    const billed = costs.reduce((sum, cost) => sum + Number(cost), 0).toFixed(1);
    expect(await ledger()).toEqual({ rows: 400_000, billed });
    expect(await restatements()).toEqual({ count: 1 });
    const staged = `SELECT count(*)::int AS count FROM pg_tables WHERE tablename LIKE 'staged_%'`;
    expect(await query(staged, z.object({ count: z.number() }))).toEqual({ count: 0 });
  }, 180_000);
});
