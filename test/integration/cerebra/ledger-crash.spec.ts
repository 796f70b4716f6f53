import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { until } from '../../support/until.js';
import { callId, makeDataDir, migrateCerebra, query, removeDataDir, startLedger } from './ledger-fixture.js';

const root = join(import.meta.dirname, '..', '..', '..');

let database: TestDatabase;
let dataDir: string;
beforeEach(async () => {
  database = await createTestDatabase();
  await migrateCerebra(database.url);
  dataDir = await makeDataDir();
});
afterEach(async () => {
  await database.drop();
  await removeDataDir(dataDir);
});

interface Made {
  readonly number: number;
  readonly at: number;
}

/** Makes calls in a process of its own, kills it in the midst, and tells which calls it said it had made. */
async function makeCallsAndDie(sync: 'interval' | 'always'): Promise<Made[]> {
  const child = spawn(
    join(root, 'node_modules', '.bin', 'node'),
    [
      '--experimental-transform-types',
      '--no-warnings',
      '--import',
      join(root, 'test', 'support', 'run-typescript.mjs'),
      join(import.meta.dirname, 'ledger-crash-child.ts'),
      dataDir,
      sync,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(child, 'close');
  const made = (): Made[] =>
    output
      .slice(0, output.lastIndexOf('\n'))
      .split('\n')
      .map((line) => ({ number: Number(line.split(' ')[0]), at: Number(line.split(' ')[1]) }));
  await until(() => (made().at(-1)?.at ?? 0) - (made()[0]?.at ?? 0) > 500, 20_000);
  child.kill('SIGKILL');
  await ended;
  return made();
}

async function recoveredIds(): Promise<Set<string>> {
  const ledger = await startLedger({ dataDir, databaseUrl: database.url });
  await ledger.recovered;
  await ledger.onApplicationShutdown();
  const rows = await query<{ id: string }>(database.url, `SELECT id FROM cerebra.requests WHERE outcome = 'ok'`);
  return new Set(rows.map(({ id }) => id));
}

const missing = (made: readonly Made[], ids: ReadonlySet<string>): Made[] =>
  made.filter(({ number }) => !ids.has(callId(number)));

describe('after kill -9', () => {
  it('with CEREBRA_LEDGER_SYNC=always no call that was answered is missing', async () => {
    const made = await makeCallsAndDie('always');
    expect(made.length).toBeGreaterThan(10);
    expect(missing(made, await recoveredIds())).toEqual([]);
  });

  it('with interval nothing is missing but what finished in the last moments', async () => {
    const made = await makeCallsAndDie('interval');
    expect(made.length).toBeGreaterThan(10);
    const lastAt = made.at(-1)?.at ?? 0;
    // 50 ms until the flush, the rest for a machine that is busy with other tests.
    expect(missing(made, await recoveredIds()).filter(({ at }) => at < lastAt - 250)).toEqual([]);
  });

  it('a call that was under way is in the ledger as lost, at the dearest that it can have cost', async () => {
    await makeCallsAndDie('interval');
    await recoveredIds();
    const [row] = await query(
      database.url,
      'SELECT outcome, estimated, cost_pico, status_code FROM cerebra.requests WHERE id = $1',
      [callId(0)],
    );
    expect(row).toEqual({ outcome: 'lost', estimated: true, cost_pico: '1000000000', status_code: null });
  });
});
