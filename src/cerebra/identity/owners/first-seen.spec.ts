import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { instant } from '../../../platform/time.js';
import { FirstSeenOwners } from './first-seen.js';

const HOUR_MS = 3_600_000;

let now = 0;
let made: string[][];
let away: boolean;
let registry: Registry;
let firstSeen: FirstSeenOwners;

beforeEach(() => {
  now = 0;
  made = [];
  away = false;
  registry = new Registry();
  const owners = { knows: (_: string, id: string) => id === 'known', refresh: async () => {} };
  const repository = {
    insertMissing: async (seen: readonly { readonly kind: string; readonly id: string }[]) => {
      if (away) throw new Error('away');
      made.push(seen.map(({ kind, id }) => `${kind} ${id}`));
      return 0;
    },
  };
  firstSeen = new FirstSeenOwners(owners, repository, { now: () => instant(now) }, pino({ level: 'silent' }), registry);
});

afterEach(() => firstSeen.onApplicationShutdown());

const passedOver = async (): Promise<number | undefined> =>
  (await registry.getSingleMetric('cerebra_owners_passed_over_total')?.get())?.values[0]?.value;

describe('ids that headers name first', () => {
  it('are made once and together, and not if they are known; at the latest when the process stops', async () => {
    for (const id of ['a', 'known', 'b', 'a']) expect(firstSeen.note('team', id)).toBe(true);
    firstSeen.note('agent', 'a');
    await firstSeen.onApplicationShutdown();
    expect(made).toEqual([['team a', 'team b', 'agent a']]);
  });

  it('are passed over beyond a thousand an hour, counted, and made when they are seen in the next', async () => {
    for (let id = 0; id < 1_000; id++) expect(firstSeen.note('agent', `a${id}`)).toBe(true);
    expect([firstSeen.note('agent', 'late'), firstSeen.note('agent', 'late')]).toEqual([false, false]);
    expect(await passedOver()).toBe(2);
    await firstSeen.onApplicationShutdown();
    expect(made[0]).toHaveLength(1_000);
    now = HOUR_MS - 1;
    expect(firstSeen.note('agent', 'late')).toBe(false);
    now = HOUR_MS;
    expect(firstSeen.note('agent', 'late')).toBe(true);
  });

  it('wait while the database is away, a thousand at most, whatever the hour', async () => {
    away = true;
    for (let id = 0; id < 1_000; id++) firstSeen.note('agent', `a${id}`);
    await firstSeen.onApplicationShutdown();
    now = HOUR_MS;
    expect(firstSeen.note('agent', 'late')).toBe(false);
    away = false;
    await firstSeen.onApplicationShutdown();
    expect(made.map((each) => each.length)).toEqual([1_000]);
  });
});
