import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SchedulerRegistry } from '@nestjs/schedule';
import type { DataSource } from 'typeorm';
import { platformStorage } from '../../../migrations/platform/index.js';
import { createDataSource } from '../../../src/platform/database/data-source.js';
import { PostgresScheduleSlots, type ScheduleSlots } from '../../../src/platform/jobs/schedule-slots.js';
import { Schedules } from '../../../src/platform/jobs/schedules.js';
import { instant, systemClock, type Clock, type Instant } from '../../../src/platform/time.js';
import { LogLines } from '../../support/log-lines.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { until } from '../../support/until.js';

const EVERY_SECOND = '* * * * * *';
const DAY_MS = 86_400_000;

describe('schedules', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let lines: LogLines;
  const replicas: Schedules[] = [];

  const replica = ({ clock = systemClock, slots }: { clock?: Clock; slots?: ScheduleSlots } = {}): Schedules => {
    const made = new Schedules({
      slots: slots ?? new PostgresScheduleSlots('test', dataSource),
      triggers: new SchedulerRegistry(),
      clock,
      log: lines.log,
    });
    replicas.push(made);
    return made;
  };

  beforeEach(async () => {
    lines = new LogLines();
    database = await createTestDatabase();
    dataSource = await createDataSource({ url: database.url, name: 'test', storage: platformStorage }).initialize();
    await dataSource.query('CREATE SCHEMA platform');
    await dataSource.runMigrations();
  });
  afterEach(async () => {
    await Promise.all(replicas.splice(0).map((schedules) => schedules.stop(1_000)));
    await dataSource.destroy();
    await database.drop();
  });

  it('fire each slot on exactly one of several replicas, without a gap', async () => {
    const fired: Instant[] = [];
    for (let count = 0; count < 3; count += 1) {
      const schedules = replica();
      schedules.add({ name: 'tick', cron: EVERY_SECOND, run: async (slot) => void fired.push(slot) });
      schedules.start();
    }
    await until(() => fired.length >= 4);
    const [first = instant(0)] = fired;
    expect(fired.slice(0, 4)).toEqual([0, 1_000, 2_000, 3_000].map((later) => first + later));
    expect(first % 1_000).toBe(0);
  });

  it('go on after a run that fails, which is logged', async () => {
    const schedules = replica();
    let runs = 0;
    const run = async (): Promise<void> => {
      runs += 1;
      if (runs === 1) throw new Error('The source is closed.');
    };
    schedules.add({ name: 'tick', cron: EVERY_SECOND, run });
    schedules.start();
    await until(() => runs === 2);
    const err = expect.objectContaining({ message: 'The source is closed.' });
    expect(lines.all).toEqual([expect.objectContaining({ level: 50, schedule: 'tick', err })]);
  });

  it('never run one schedule twice at once in a process', async () => {
    const schedules = replica();
    const gate = Promise.withResolvers<void>();
    let begun = 0;
    const run = async (): Promise<void> => {
      begun += 1;
      await gate.promise;
    };
    schedules.add({ name: 'slow', cron: EVERY_SECOND, run });
    schedules.start();
    await until(() => lines.messages.some((message) => message.includes('left to another replica')));
    expect(begun).toBe(1);
    gate.resolve();
    await until(() => begun === 2);
  });

  it('claim a slot again when the database failed meanwhile', async () => {
    const inDatabase = new PostgresScheduleSlots('test', dataSource);
    let failures = 0;
    const slots: ScheduleSlots = {
      claim: async (schedule, slot) => {
        failures += 1;
        // The first question meets a server that is restarting.
        if (failures === 1) await dataSource.query('SELECT pg_terminate_backend(pg_backend_pid())');
        return inDatabase.claim(schedule, slot);
      },
    };
    const schedules = replica({ slots });
    const fired: Instant[] = [];
    schedules.add({ name: 'tick', cron: '*/2 * * * * *', run: async (slot) => void fired.push(slot) });
    schedules.start();
    await until(() => fired.length === 1);
    expect(failures).toBe(2);
    expect(lines.messages).toEqual(['The slot could not be claimed; it is tried again.']);
  });

  it('do not fire a slot that is long past, and say so', async () => {
    let offset = 0;
    const clock = { now: () => instant(Date.now() + offset) };
    const schedules = replica({ clock });
    const fired: Instant[] = [];
    schedules.add({ name: 'tick', cron: EVERY_SECOND, run: async (slot) => void fired.push(slot) });
    // The machine is suspended for an hour.
    offset = 3_600_000;
    const resumed = clock.now();
    schedules.start();
    await until(() => fired.length > 0);
    expect(fired[0]).toBeGreaterThan(resumed);
    expect(lines.all).toEqual([expect.objectContaining({ schedule: 'tick', msg: expect.stringContaining('missed') })]);
  });

  it('forget slots after two days', async () => {
    const slots = new PostgresScheduleSlots('test', dataSource);
    const now = Date.now();
    for (const daysAgo of [3, 1]) await slots.claim('daily', instant(now - daysAgo * DAY_MS));
    expect(await slots.claim('daily', instant(now))).toBe(true);
    expect(await slots.claim('daily', instant(now))).toBe(false);
    const [kept]: unknown[] = await dataSource.query('SELECT count(*)::int AS count FROM platform.schedule_slots');
    expect(kept).toEqual({ count: 2 });
  });

  it('can be added and removed while they run, and refuse what they cannot read', async () => {
    const schedules = replica();
    schedules.start();
    let runs = 0;
    const run = async (): Promise<void> => void (runs += 1);
    schedules.add({ name: 'tick', cron: EVERY_SECOND, run });
    expect(() => schedules.add({ name: 'tick', cron: EVERY_SECOND, run })).toThrow("A schedule 'tick' exists already.");
    expect(() => schedules.add({ name: 'other', cron: '61 * * * *', run })).toThrow();
    expect(() => schedules.add({ name: 'other', cron: EVERY_SECOND, timeZone: 'Mars/Olympus', run })).toThrow();
    await until(() => runs > 0);
    schedules.remove('tick');
    schedules.add({ name: 'tick', cron: '0 0 1 1 *', run });
    const before = runs;
    let seconds = 0;
    schedules.add({ name: 'probe', cron: EVERY_SECOND, run: async () => void (seconds += 1) });
    await until(() => seconds === 2);
    expect(runs).toBe(before);
  });

  it('end within the deadline, with the signal of what still runs', async () => {
    const schedules = replica();
    let signal: AbortSignal | null = null;
    const run = async (_slot: Instant, given: AbortSignal): Promise<void> => {
      signal = given;
      await new Promise((resolve) => given.addEventListener('abort', resolve));
    };
    schedules.add({ name: 'deaf', cron: EVERY_SECOND, run });
    schedules.start();
    await until(() => signal !== null);
    const before = performance.now();
    await schedules.stop(300);
    expect(performance.now() - before).toBeLessThan(1_500);
    expect(signal).toHaveProperty('aborted', true);
  });
});
