import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { z } from 'zod';
import { isScriptFault, LuaScript, startsWith } from './lua-script.js';
import { YOUNG_MS } from './operations.lua.js';
import { EPOCH_CHANNEL, openLua } from './upkeep.lua.js';

/** All keys share one hash tag, so that a cluster keeps them on one node and a script may touch them together. */
export const PREFIX = '{oco:budgets}:';

/** Longer than a busy Redis needs; the calls that meet a silent one first wait so long, the later ones not at all. */
const ANSWER_MS = 250;
const RECONNECT_MS = 250;

const open = new LuaScript(openLua);
const opening = z.tuple([z.string(), z.number()]);

/**
 * A connection of the gate's own, with a circuit breaker: up only between a successful greeting and the first sign
 * that the server is gone. What is sent while it is away fails at once, so no queue builds up in front of it.
 */
export class Store {
  private readonly redis: Redis;
  private readonly listeners: (() => void)[] = [];
  private reachable = false;
  private reported = false;
  private faultReported = false;
  private stopped = false;
  private life = '';
  /** When the store lets calls pass on every budget; of the process's own clock. */
  private grownAt = 0;
  private ear: Redis | null = null;

  constructor(
    private readonly url: string,
    private readonly log: Logger,
  ) {
    this.redis = new Redis(url, {
      connectionName: 'oco-budgets',
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 1_000,
      commandTimeout: ANSWER_MS,
      retryStrategy: () => RECONNECT_MS,
    });
    this.redis.on('error', (error: Error) => this.lost(error));
    this.redis.on('close', () => this.lost(null));
    this.redis.on('ready', () => void this.greet());
  }

  get up(): boolean {
    return this.reachable;
  }

  /** Which life of the store this is, as far as is known; empty before the first greeting. */
  get epoch(): string {
    return this.life;
  }

  /** Called whenever the store can be reached (again), or has begun a new life. */
  onUp(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Waits until the first calls can be counted in the store; goes on without it at the deadline. */
  async opened(deadlineMs: number): Promise<void> {
    const until = performance.now() + deadlineMs;
    if (!this.reachable) {
      await Promise.race([
        new Promise<void>((resolve) => this.onUp(resolve)),
        setTimeout(deadlineMs, undefined, { ref: false }),
      ]);
    }
    const wait = Math.min(this.grownAt, until) - performance.now();
    if (wait > 0) await setTimeout(wait);
  }

  /** Told of the life that the store is in. */
  lives(epoch: string): void {
    if (this.life === epoch) return;
    this.life = epoch;
    if (this.reachable) for (const listener of this.listeners) listener();
  }

  /** Told of a fault that is not the server's; the first one is logged. */
  faulted(fault: unknown): void {
    if (this.faultReported) return;
    this.faultReported = true;
    this.log.error(
      { err: fault },
      'an operation on the counters of budgets failed and is dropped; more are not logged',
    );
  }

  /** @returns null when no answer came or the script failed: it may or may not have done its work */
  async run(script: LuaScript, args: readonly (string | number)[]): Promise<unknown> {
    if (!this.reachable) return null;
    try {
      return await this.runOpened(script, args);
    } catch (error) {
      if (isScriptFault(error)) {
        this.faulted(error);
        return null;
      }
      // Dropping the connection settles what is still in flight on it, and the next one begins with a greeting.
      this.lost(error);
      this.redis.disconnect(true);
      return null;
    }
  }

  /** Hears what is published under the prefix, on a connection of its own; what is missed meanwhile is not repeated. */
  listen(channel: string, heard: (message: string) => void): void {
    const epochs = PREFIX + EPOCH_CHANNEL;
    this.ear = new Redis(this.url, {
      connectionName: 'oco-budgets-ear',
      maxRetriesPerRequest: null,
      connectTimeout: 1_000,
      retryStrategy: () => RECONNECT_MS,
    });
    // The other connection reports outages.
    this.ear.on('error', () => undefined);
    this.ear.on('message', (from: string, message: string) => {
      if (from === epochs) this.lives(message);
      else heard(message);
    });
    this.ear.subscribe(PREFIX + channel, epochs).catch(() => undefined);
  }

  stop(): void {
    this.stopped = true;
    this.ear?.disconnect();
    this.reachable = false;
    this.redis.disconnect();
  }

  /** A store that was flushed under us has no epoch: begin one, and ask again. */
  private async runOpened(script: LuaScript, args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await script.run(this.redis, PREFIX, args);
    } catch (error) {
      if (!startsWith(error, 'NOEPOCH')) throw error;
      await this.begin();
      return await script.run(this.redis, PREFIX, args);
    }
  }

  private async greet(): Promise<void> {
    try {
      await this.begin();
    } catch (error) {
      this.lost(error);
      this.redis.disconnect(true);
      return;
    }
    this.reachable = true;
    if (this.reported) this.log.info('Redis answers again: budgets are counted there');
    this.reported = false;
    for (const listener of this.listeners) listener();
  }

  private async begin(): Promise<void> {
    const server = await this.redis.info('server');
    const runId = /^run_id:(\w+)/m.exec(server)?.[1] ?? 'unnamed';
    const [epoch, age] = opening.parse(await open.run(this.redis, PREFIX, [runId]));
    this.grownAt = performance.now() + Math.max(0, YOUNG_MS - age);
    this.lives(epoch);
  }

  private lost(error: unknown): void {
    this.reachable = false;
    if (this.reported || this.stopped) return;
    this.reported = true;
    this.log.warn({ err: error }, 'Redis is away: each budget is handled by its on_store_failure');
  }
}
