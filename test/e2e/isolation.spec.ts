import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Faults, type Fault } from '../support/faults.js';
import { createVirtualKey, echo } from '../support/gateway-client.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { destroyProcesses, makeHome, OcoProcess } from '../support/process.js';
import { SteadyLoad } from '../support/steady-load.js';
import { until } from '../support/until.js';

const CALLS_PER_SECOND = 500;
/** Long enough that the 99th percentile stands on some thousand calls. */
const QUIET_MS = 4_000;
const AFTER_MS = 4_000;
const SLOWER_AT_MOST = 3;
/** Other programs on the machine disturb single rounds; what the fault itself costs shows in each. */
const ROUNDS = 4;

let database: TestDatabase;
let house: OcoProcess;
let load: SteadyLoad;
let faults: Faults;

beforeAll(async () => {
  database = await createTestDatabase();
  const home = makeHome();
  faults = new Faults('economist', home);
  house = await OcoProcess.start(
    {
      DATABASE_URL: database.url,
      OCO_STALL_MS: '1000',
      OCO_CONTEXT_HEAP_MB: '192',
      ...faults.environment,
    },
    home,
  );
  const key = await createVirtualKey(house);
  load = new SteadyLoad(house.url('cerebra', '/v1/chat/completions'), echo(key), CALLS_PER_SECOND);
  // Compilers and pools warm up first.
  await sleep(QUIET_MS);
}, 120_000);

afterAll(async () => {
  await load.stop();
  await destroyProcesses();
  await database.drop();
});

type Seen = { readonly status: number | 'refused'; readonly reason: string };

async function economistHealth(): Promise<Seen> {
  try {
    const reply = await fetch(house.url('economist', '/health'), { signal: AbortSignal.timeout(5_000) });
    return { status: reply.status, reason: /"reason":"([^"]*)"/.exec(await reply.text())?.[1] ?? '' };
  } catch {
    return { status: 'refused', reason: '' };
  }
}

/** Watches Economist's health until it was degraded and is well again. */
async function healthThroughFault(recover: () => void = () => undefined): Promise<Seen[]> {
  const seen: Seen[] = [];
  await until(async () => {
    const health = await economistHealth();
    seen.push(health);
    const wasDegraded = seen.some(({ status }) => status === 503);
    if (wasDegraded) recover();
    return wasDegraded && health.status === 200;
  }, 40_000);
  return seen;
}

/** Quiet, then the fault: the p99 of both on the same machine in the same minute. No call may fail in either. */
async function round(fault: () => Promise<Seen[]>): Promise<{ seen: Seen[]; slower: number }> {
  load.take();
  await sleep(QUIET_MS);
  const quiet = load.take();
  const seen = await fault();
  await sleep(AFTER_MS);
  const during = load.take();
  expect([...quiet.failures, ...during.failures]).toEqual([]);
  expect(quiet.answered).toBeGreaterThan((CALLS_PER_SECOND * QUIET_MS) / 1_000 / 2);
  return { seen, slower: during.p99Ms / quiet.p99Ms };
}

/** @returns what health said in the first round */
async function holdsApart(fault: () => Promise<Seen[]>): Promise<Seen[]> {
  const rounds = [await round(fault)];
  while (rounds.length < ROUNDS && rounds.every(({ slower }) => slower > SLOWER_AT_MOST))
    rounds.push(await round(fault));
  expect(Math.min(...rounds.map(({ slower }) => slower))).toBeLessThanOrEqual(SLOWER_AT_MOST);
  return rounds[0]?.seen ?? [];
}

const reasonsIn = (seen: readonly Seen[]): string[] => [
  ...new Set(seen.filter(({ status }) => status === 503).map(({ reason }) => reason)),
];

describe('while Cerebra serves 500 calls a second, Economist', () => {
  it.each<{ fault: Fault; reason: string }>([
    { fault: 'throw', reason: 'an error that nothing caught' },
    { fault: 'reject', reason: 'an error that nothing caught' },
    { fault: 'block 3000', reason: 'its event loop stood still for 1000 ms' },
    { fault: 'fill-heap', reason: 'its heap of 192 MiB was full' },
  ])(
    'meets "$fault": no call fails or waits for it, its health says why, and it is well again by itself',
    async ({ fault, reason }) => {
      const seen = await holdsApart(() => {
        faults.ask(fault);
        return healthThroughFault();
      });
      expect(reasonsIn(seen)).toEqual([reason]);
    },
    120_000,
  );

  it('cannot start: the same, for as long as it lasts', async () => {
    const seen = await holdsApart(async () => {
      faults.ask('throw');
      await until(() => faults.happened);
      faults.ask('throw-at-start');
      const startedAt = performance.now();
      return healthThroughFault(() => {
        if (performance.now() - startedAt > AFTER_MS) faults.clear();
      });
    });
    // The supervisor answered all along, not only between two attempts.
    const away = seen.slice(seen.findIndex(({ status }) => status === 503));
    expect(away.filter(({ status }) => status === 'refused').length).toBeLessThanOrEqual(2);
  }, 120_000);

  it('leaves nothing behind when all is stopped', async () => {
    await load.stop();
    expect((await house.stop()).code).toBe(0);
    expect(house.survivors()).toEqual([]);
  });
});
