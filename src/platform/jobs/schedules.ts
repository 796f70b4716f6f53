import { setTimeout as sleep } from 'node:timers/promises';
import type { SchedulerRegistry } from '@nestjs/schedule';
import type { Logger } from 'pino';
import { toIso, type Clock, type Instant } from '../time.js';
import { nextSlot } from './cron.js';
import type { ScheduleSlots } from './schedule-slots.js';
import { settlesWithin } from './settles-within.js';

export interface Schedule {
  /** Unique within the context. */
  readonly name: string;
  /** Five fields, or six with seconds first. */
  readonly cron: string;
  /** An IANA name; UTC by default. */
  readonly timeZone?: string;
  /** Short: long work is enqueued from here as a job, with an id that the slot gives. */
  readonly run: (slot: Instant, signal: AbortSignal) => Promise<void>;
}

export interface SchedulesOptions {
  readonly slots: ScheduleSlots;
  /** Holds the timer of each schedule under its name. */
  readonly triggers: SchedulerRegistry;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Entry extends Schedule {
  readonly timeZone: string;
  next: Instant | null;
  isRunning: boolean;
}

/** A slot found later than this, after a suspended machine or a set clock, was missed. */
const LATE_MS = 300_000;
/** The clock can be set while we wait, and a timer takes no more than 24 days. */
const LONGEST_WAIT_MS = 60_000;
/** Before each try to claim a slot: a database that fails over is back within half a minute. */
const CLAIM_AFTER_MS = [0, 1_000, 5_000, 25_000];

/**
 * Fires each slot of each schedule on exactly one replica, at most once. A slot for which no replica was
 * there is missed: whoever must not miss one compares its own records with {@link nextSlot}.
 *
 * Times come from croner and not from the `CronJob` that `@nestjs/schedule` brings, because that one
 * skips a slot when the loop is 250 ms late, and does not say which slot it fires.
 */
export class Schedules {
  private readonly entries = new Map<string, Entry>();
  private readonly runs = new Set<Promise<void>>();
  private readonly closing = new AbortController();
  private readonly cutOff = new AbortController();
  private isStarted = false;

  constructor(private readonly options: SchedulesOptions) {}

  /** @throws when the name is taken, or the expression or the zone cannot be read */
  add(schedule: Schedule): void {
    if (this.entries.has(schedule.name)) throw new Error(`A schedule '${schedule.name}' exists already.`);
    const timeZone = schedule.timeZone ?? 'UTC';
    const next = nextSlot(schedule.cron, timeZone, this.options.clock.now());
    const entry: Entry = { ...schedule, timeZone, next, isRunning: false };
    this.entries.set(schedule.name, entry);
    if (this.isStarted) this.arm(entry);
  }

  /** A run under way goes on. */
  remove(name: string): void {
    this.disarm(name);
    this.entries.delete(name);
  }

  start(): void {
    this.isStarted = true;
    for (const entry of this.entries.values()) this.arm(entry);
  }

  /** Fires nothing more and waits for what runs, up to the deadline; then its signal is aborted. */
  async stop(deadlineMs: number): Promise<void> {
    this.isStarted = false;
    this.closing.abort();
    for (const name of this.entries.keys()) this.disarm(name);
    await settlesWithin(Promise.all(this.runs), deadlineMs);
    this.cutOff.abort();
  }

  private arm(entry: Entry): void {
    if (entry.next === null) return;
    const waitMs = Math.min(Math.max(entry.next - this.options.clock.now(), 0), LONGEST_WAIT_MS);
    const timer = setTimeout(() => this.wake(entry), waitMs);
    this.options.triggers.addTimeout(entry.name, timer);
  }

  private wake(entry: Entry): void {
    this.disarm(entry.name);
    const now = this.options.clock.now();
    const slot = entry.next;
    if (slot !== null && slot <= now) {
      entry.next = nextSlot(entry.cron, entry.timeZone, now);
      this.meet(entry, slot, now - slot);
    }
    this.arm(entry);
  }

  private meet(entry: Entry, slot: Instant, lateMs: number): void {
    const facts = { schedule: entry.name, slot: toIso(slot) };
    if (lateMs > LATE_MS) {
      this.options.log.warn({ ...facts, late_ms: lateMs }, 'The slot was missed: this process was not running.');
    } else if (entry.isRunning) {
      this.options.log.warn(facts, 'The slot is left to another replica: the run before has not ended here.');
    } else {
      const run = this.fire(entry, slot);
      this.runs.add(run);
      void run.then(() => this.runs.delete(run));
    }
  }

  /** Never rejects. */
  private async fire(entry: Entry, slot: Instant): Promise<void> {
    entry.isRunning = true;
    try {
      if (await this.claim(entry.name, slot)) await entry.run(slot, this.cutOff.signal);
    } catch (error) {
      this.options.log.error({ err: error, schedule: entry.name, slot: toIso(slot) }, 'The schedule failed.');
    } finally {
      entry.isRunning = false;
    }
  }

  /** @throws what the last try met */
  private async claim(name: string, slot: Instant): Promise<boolean> {
    const { slots, log } = this.options;
    for (const [tries, waitMs] of CLAIM_AFTER_MS.entries()) {
      await sleep(waitMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
      if (this.closing.signal.aborted) return false;
      try {
        return await slots.claim(name, slot);
      } catch (error) {
        if (tries === CLAIM_AFTER_MS.length - 1) throw error;
        log.warn(
          { err: error, schedule: name, slot: toIso(slot) },
          'The slot could not be claimed; it is tried again.',
        );
      }
    }
    return false;
  }

  private disarm(name: string): void {
    const { triggers } = this.options;
    if (triggers.doesExist('timeout', name)) triggers.deleteTimeout(name);
  }
}
