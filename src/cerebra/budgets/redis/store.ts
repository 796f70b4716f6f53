import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { LuaScript, startsWith } from './lua-script.js';
import { openLua } from './upkeep.lua.js';

/** All keys share one hash tag, so that a cluster keeps them on one node and a script may touch them together. */
export const PREFIX = '{oco:budgets}:';

/** Longer than a busy Redis needs; the calls that meet a silent one first wait so long, the later ones not at all. */
const ANSWER_MS = 250;
const RECONNECT_MS = 250;

const open = new LuaScript(openLua);

/**
 * A connection of the gate's own, with a circuit breaker: up only between a successful greeting and the first sign
 * that the server is gone. What is sent while it is away fails at once, so no queue builds up in front of it.
 */
export class Store {
  private readonly redis: Redis;
  private readonly listeners: (() => void)[] = [];
  private reachable = false;
  private reported = false;
  private stopped = false;
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

  /** Called whenever the store can be reached (again). */
  onUp(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Waits for the first greeting, so that the first calls find the store; goes on without it at the deadline. */
  async opened(deadlineMs: number): Promise<void> {
    if (this.reachable) return;
    await Promise.race([
      new Promise<void>((resolve) => this.onUp(resolve)),
      setTimeout(deadlineMs, undefined, { ref: false }),
    ]);
  }

  /** @returns null when no answer came: the script may or may not have run */
  async run(script: LuaScript, args: readonly (string | number)[]): Promise<unknown> {
    if (!this.reachable) return null;
    try {
      return await this.runOpened(script, args);
    } catch (error) {
      // Dropping the connection settles what is still in flight on it, and the next one begins with a greeting.
      this.lost(error);
      this.redis.disconnect(true);
      return null;
    }
  }

  /** Hears what is published under the prefix, on a connection of its own; what is missed meanwhile is not repeated. */
  listen(channel: string, heard: (message: string) => void): void {
    this.ear = new Redis(this.url, {
      connectionName: 'oco-budgets-ear',
      maxRetriesPerRequest: null,
      connectTimeout: 1_000,
      retryStrategy: () => RECONNECT_MS,
    });
    // The other connection reports outages.
    this.ear.on('error', () => undefined);
    this.ear.on('message', (_channel: string, message: string) => heard(message));
    this.ear.subscribe(PREFIX + channel).catch(() => undefined);
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
    await open.run(this.redis, PREFIX, [runId]);
  }

  private lost(error: unknown): void {
    this.reachable = false;
    if (this.reported || this.stopped) return;
    this.reported = true;
    this.log.warn({ err: error }, 'Redis is away: each budget is handled by its on_store_failure');
  }
}
