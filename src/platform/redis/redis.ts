import { Redis } from 'ioredis';
import { once } from 'node:events';
import type { Logger } from 'pino';

const CONNECT_WITHIN_MS = 5_000;
const ANSWER_WITHIN_MS = 2_000;
/** The client waits for the end of a socket that may be gone already. */
const DISCONNECT_WITHIN_MS = 500;
const KEEP_ALIVE_AFTER_MS = 10_000;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 2_000;

export interface RedisConnectionOptions {
  /** Shown by `CLIENT LIST`; the context's name. */
  readonly name: string;
  readonly log: Logger;
}

/**
 * A client that answers or fails soon: while Redis is away a command fails at once instead of waiting, so
 * that the caller can decide. Reconnects for as long as it is open, and tells of an outage once.
 */
export function connectRedis(url: string, { name, log }: RedisConnectionOptions): Redis {
  const redis = new Redis(url, {
    connectionName: `open-cloud-ops:${name}`,
    connectTimeout: CONNECT_WITHIN_MS,
    commandTimeout: ANSWER_WITHIN_MS,
    disconnectTimeout: DISCONNECT_WITHIN_MS,
    keepAlive: KEEP_ALIVE_AFTER_MS,
    retryStrategy: reconnectAfter,
    enableOfflineQueue: false,
    // A command whose reply was lost may have been done: only its caller knows whether it may be sent again.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  });
  tellOfOutages(redis, log);
  return redis;
}

/** @throws when Redis does not answer within two seconds */
export async function checkRedis(redis: Redis): Promise<void> {
  if (redis.status !== 'ready') throw new Error(`Redis is not connected (${redis.status}).`);
  await redis.ping();
}

/** @throws when Redis is not connected within two seconds, or refuses before */
export async function untilReady(redis: Redis): Promise<void> {
  if (redis.status !== 'ready') await once(redis, 'ready', { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
}

/** Doubling, capped, and spread so that replicas do not come back all at once. */
export function reconnectAfter(attempt: number): number {
  const ceiling = Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempt, 10), LAST_RETRY_MS);
  return Math.round(ceiling * (0.5 + Math.random() / 2));
}

function tellOfOutages(redis: Redis, log: Logger): void {
  let isAway = false;
  redis.on('error', (error) => {
    if (!isAway) log.error({ err: error }, 'Redis is away; connecting goes on in the background.');
    isAway = true;
  });
  redis.on('reconnecting', () => {
    if (!isAway) log.warn('The connection to Redis was lost; connecting goes on in the background.');
    isAway = true;
  });
  redis.on('ready', () => {
    if (isAway) log.info('Redis is back.');
    isAway = false;
  });
}
