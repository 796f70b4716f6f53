import type { Logger } from 'pino';
import type { Connections } from '../connections.js';

/**
 * Says in the log that counters are this process's own. Beside an embedded database nobody else can come; beside an
 * external one a second replica could, and would grant the whole of every budget once more.
 */
export function warnOfLoneCounters(connections: Pick<Connections, 'redisUrl' | 'databaseEmbedded'>, log: Logger): void {
  if (connections.redisUrl !== null) return;
  const text = 'No Redis is configured: counters are in memory and right for this one process only';
  if (connections.databaseEmbedded) log.info(`${text}.`);
  else log.warn(`${text}. Set REDIS_URL before you start a second replica.`);
}
