import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startEmbeddedPostgres } from '../../../src/platform/database/embedded.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { until } from '../../support/until.js';
import {
  callerWith,
  callId,
  makeCall,
  makeDataDir,
  migrateCerebra,
  query,
  removeDataDir,
  startLedger,
} from './ledger-fixture.js';

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

const count = async (url: string): Promise<number> => {
  const [row] = await query<{ count: string }>(url, 'SELECT count(*) FROM cerebra.requests');
  return Number(row?.count);
};

describe('the ledger', () => {
  it('has the row of a call soon after it, exact to the pico-dollar', async () => {
    const ledger = await startLedger({ dataDir, databaseUrl: database.url });
    const call = makeCall(1, (each) => {
      each.caller = callerWith({ orgId: 'acme', agentId: 'a\tb\\', tags: { env: 'prod' } });
    });
    ledger.intend(call);
    ledger.record(call);
    await until(async () => (await count(database.url)) === 1);
    const [row] = await query(
      database.url,
      `SELECT id, provider, agent_id, team_id, tags, cost_pico, input_tokens, latency_ms, ttfb_ms, estimated
       FROM cerebra.requests`,
    );
    expect(row).toEqual({
      id: callId(1),
      provider: 'openai',
      agent_id: 'a\tb\\',
      team_id: null,
      tags: { env: 'prod' },
      cost_pico: '151900001',
      input_tokens: '100',
      latency_ms: 12.5,
      ttfb_ms: null,
      estimated: false,
    });
    await ledger.onApplicationShutdown();
  });

  it('brings every row over when it stops, and leaves nothing in its spool', async () => {
    const ledger = await startLedger({ dataDir, databaseUrl: database.url });
    for (let number = 1; number <= 20_000; number += 1) ledger.record(makeCall(number));
    await ledger.onApplicationShutdown();
    expect(await count(database.url)).toBe(20_000);
    expect(await readdir(join(dataDir, 'cerebra', 'spool'))).toEqual([]);
  });

  it('sets a row aside that PostgreSQL refuses, and takes all others', async () => {
    const ledger = await startLedger({ dataDir, databaseUrl: database.url });
    for (let number = 1; number <= 100; number += 1) ledger.record(makeCall(number));
    ledger.record(makeCall(101, (call) => (call.usage.input = 1.5)));
    await ledger.onApplicationShutdown();
    expect(await count(database.url)).toBe(100);
    expect(ledger.state.lostRows).toBe(1);
  });

  it('doubles nothing when rows come twice', async () => {
    const ledger = await startLedger({ dataDir, databaseUrl: database.url });
    const calls = Array.from({ length: 500 }, (_, index) => makeCall(index));
    for (const call of [...calls, ...calls]) ledger.record(call);
    await ledger.onApplicationShutdown();
    const again = await startLedger({ dataDir, databaseUrl: database.url });
    for (const call of calls) again.record(call);
    await again.onApplicationShutdown();
    expect(await count(database.url)).toBe(500);
  });

  it('keeps rows on disk when it stops without PostgreSQL, and the next start brings them over', async () => {
    const ledger = await startLedger({ dataDir, databaseUrl: 'postgres://nobody@127.0.0.1:1/nothing' });
    for (let number = 1; number <= 100; number += 1) ledger.record(makeCall(number));
    await ledger.onApplicationShutdown();
    const next = await startLedger({ dataDir, databaseUrl: database.url });
    await next.recovered;
    expect(await count(database.url)).toBe(100);
    await next.onApplicationShutdown();
    expect(await readdir(join(dataDir, 'cerebra', 'spool'))).toEqual([]);
  });

  it('leaves alone the calls of a neighbour that lives on the same data directory', async () => {
    const first = await startLedger({ dataDir, databaseUrl: database.url });
    const call = makeCall(1);
    first.intend(call);
    const second = await startLedger({ dataDir, databaseUrl: database.url });
    await second.recovered;
    await second.onApplicationShutdown();
    first.record(call);
    await first.onApplicationShutdown();
    expect(await query(database.url, 'SELECT outcome FROM cerebra.requests')).toEqual([{ outcome: 'ok' }]);
  });
});

describe('while PostgreSQL stops and comes back under load', () => {
  it('no row is missing, none is double, and memory stays small', async () => {
    const folder = await makeDataDir();
    await chmod(folder, 0o755);
    const server = await startEmbeddedPostgres({ dataDir: folder, log: () => undefined });
    const port = Number(new URL(server.url).port);
    await migrateCerebra(server.url);
    const ledger = await startLedger({ dataDir, databaseUrl: server.url });

    let made = 0;
    const load = setInterval(() => {
      for (let each = 0; each < 50; each += 1) {
        const call = makeCall(made);
        ledger.intend(call);
        ledger.record(call);
        made += 1;
      }
    }, 10);
    try {
      await until(async () => (await count(server.url)) > 1_000);
      await server.stop();
      const before = made;
      await until(() => made > before + 5_000);
      // What waits is on disk, not in memory.
      expect(ledger.state.waitingBytes).toBeGreaterThan(500_000);
      expect(ledger.state.spoolBytes).toBeGreaterThan(500_000);
    } finally {
      clearInterval(load);
    }
    const back = await startEmbeddedPostgres({ dataDir: folder, port, log: () => undefined });
    await until(async () => (await count(back.url)) === made, 20_000);
    expect(ledger.state).toMatchObject({ lostRows: 0, waitingBytes: 0 });
    await ledger.onApplicationShutdown();
    await back.stop();
    await removeDataDir(folder);
  });
});
