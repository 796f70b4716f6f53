import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Call } from '../../../src/cerebra/gateway/call.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { serveAnalytics } from './analytics-fixture.js';
import type { LedgerApi } from './ledger-api-fixture.js';
import { fillLedger, migrateCerebra, query } from './ledger-fixture.js';
import { randomCalls, randomFrom } from './random-calls.js';

const HOUR_MS = 3_600_000;
const FROM = Date.UTC(2026, 10, 20);
const TO = Date.UTC(2026, 10, 25);
const calls = randomCalls(2_000, FROM, TO, 17);

let database: TestDatabase;
let api: LedgerApi;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrateCerebra(database.url);
  api = await serveAnalytics(database.url, TO);
  await fillLedger(database.url, calls);
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const sums = z.object({
  total_cost_usd_exact: z.string(),
  total_requests: z.number(),
  refused_requests: z.number(),
  total_tokens: z.number(),
});
const pico = (usd: string): bigint => BigInt(usd.replace('.', ''));

function expected(of: readonly Call[]): object {
  const cost = of.reduce((sum, call) => sum + call.cost, 0n);
  const digits = cost.toString().padStart(13, '0');
  return {
    total_cost_usd_exact: `${digits.slice(0, -12)}.${digits.slice(-12)}`,
    total_requests: of.filter(({ outcome }) => outcome !== 'refused').length,
    refused_requests: of.filter(({ outcome }) => outcome === 'refused').length,
    total_tokens: of.reduce((sum, { usage }) => sum + usage.input + usage.output, 0),
  };
}

const within = (from: number, to: number): Call[] =>
  calls.filter(({ startedAt }) => startedAt >= from && startedAt < to);

const parametersOf = (from: number, to: number): string =>
  `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;

async function totals(parameters: string): Promise<unknown> {
  const { body } = await api.get(`/api/v1/analytics/summary?${parameters}`);
  return z.object({ totals: sums }).parse(body).totals;
}

async function trend(parameters: string): Promise<z.output<typeof sums>> {
  return added((await api.get(`/api/v1/analytics/trends?${parameters}`)).body);
}

/** The points of a trend together. */
function added(body: unknown): z.output<typeof sums> {
  const { data } = z.object({ data: z.array(sums) }).parse(body);
  const total = data
    .reduce((sum, point) => sum + pico(point.total_cost_usd_exact), 0n)
    .toString()
    .padStart(13, '0');
  return {
    total_cost_usd_exact: `${total.slice(0, -12)}.${total.slice(-12)}`,
    total_requests: data.reduce((sum, point) => sum + point.total_requests, 0),
    refused_requests: data.reduce((sum, point) => sum + point.refused_requests, 0),
    total_tokens: data.reduce((sum, point) => sum + point.total_tokens, 0),
  };
}

/** Wherever a period may begin and end: on days, on hours, a millisecond beside them, anywhere, on a call. */
function randomPeriods(count: number, earliest = FROM): [string, string][] {
  const random = randomFrom(99);
  const moment = (): number => {
    const anywhere = earliest + Math.floor(random() * (TO - earliest));
    const kinds = [
      anywhere,
      Math.floor(anywhere / HOUR_MS) * HOUR_MS,
      Math.floor(anywhere / (24 * HOUR_MS)) * 24 * HOUR_MS,
    ];
    const call = calls[Math.floor(random() * calls.length)];
    const chosen = random() < 0.2 ? call?.startedAt : kinds[Math.floor(random() * kinds.length)];
    return (chosen ?? anywhere) + Math.floor(random() * 3) - 1;
  };
  return Array.from({ length: count }, () => {
    const [one, other] = [moment(), moment()];
    const [from, to] = [Math.min(one, other), Math.max(one, other) + 1];
    return [new Date(from).toISOString(), new Date(to).toISOString()];
  });
}

describe('sums of a period', () => {
  it.each(randomPeriods(40))('are exact from %s to %s', async (begin, end) => {
    const [from, to] = [Date.parse(begin), Date.parse(end)];
    const wanted = expected(within(from, to));
    expect(await totals(parametersOf(from, to))).toEqual(wanted);
    expect(await trend(`${parametersOf(from, to)}&interval=hour`)).toEqual(wanted);
    expect(await trend(`${parametersOf(from, to)}&interval=week&group_by=model`)).toEqual(wanted);
  });

  it.each<[string, (call: Call) => boolean]>([
    ['model=gpt-4o', ({ model }) => model === 'gpt-4o'],
    ['team_id=search&outcome=ok', ({ caller, outcome }) => caller?.teamId === 'search' && outcome === 'ok'],
    ['tag=env:prod', ({ caller }) => caller?.tags['env'] === 'prod'],
    ['status=200&user_id=ann', ({ status, caller }) => status === 200 && caller?.userId === 'ann'],
  ])('are exact where %s', async (filter, matches) => {
    const [from, to] = [FROM + 12_345_678, TO - 7_654_321];
    const wanted = expected(within(from, to).filter(matches));
    expect(await totals(`${parametersOf(from, to)}&${filter}`)).toEqual(wanted);
    expect(await trend(`${parametersOf(from, to)}&${filter}`)).toEqual(wanted);
  });
});

describe('sums of months', () => {
  const EARLIEST = Date.UTC(2026, 6, 20);
  const many = randomCalls(1_000, EARLIEST, TO, 23);
  let months: TestDatabase;
  let analytics: LedgerApi;
  beforeAll(async () => {
    months = await createTestDatabase();
    await migrateCerebra(months.url);
    analytics = await serveAnalytics(months.url, TO);
    await fillLedger(months.url, many);
  });
  afterAll(async () => {
    await analytics.close();
    await months.drop();
  });

  it.each([...randomPeriods(20, EARLIEST), ['2026-08-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'] as const])(
    'are exact from %s to %s',
    async (begin, end) => {
      const [from, to] = [Date.parse(begin), Date.parse(end)];
      const wanted = expected(many.filter(({ startedAt }) => startedAt >= from && startedAt < to));
      const { body } = await analytics.get(`/api/v1/analytics/summary?${parametersOf(from, to)}`);
      expect(z.object({ totals: sums }).parse(body).totals).toEqual(wanted);
      const trend = await analytics.get(`/api/v1/analytics/trends?${parametersOf(from, to)}&interval=month`);
      expect(added(trend.body)).toEqual(wanted);
    },
  );
});

it('of a long period, the ledger itself is read for no whole hour', async () => {
  const other = await createTestDatabase();
  await migrateCerebra(other.url);
  await fillLedger(other.url, calls);
  const firstHour = new Date(FROM + HOUR_MS);
  await query(other.url, 'DELETE FROM cerebra.requests WHERE time >= $1', [firstHour]);
  const analytics = await serveAnalytics(other.url, TO);
  const { body } = await analytics.get(`/api/v1/analytics/summary?${parametersOf(FROM + 1, TO + 1)}`);
  expect(body).toMatchObject({ totals: expected(within(FROM + 1, TO + 1)) });
  await analytics.close();
  await other.drop();
});
