import { describe } from '@jest/globals';
import { Client } from 'pg';
import type { Connections } from '../../src/platform/connections.js';
import type { JobTiming } from '../../src/platform/jobs/timing.js';
import { createTestDatabase } from './postgres.js';
import { describeWithRedisServer, startRedis } from './redis.js';

/** A store of jobs that a test can take away and bring back. */
export interface JobStore {
  readonly connections: Pick<Connections, 'databaseUrl' | 'redisUrl'>;
  /** Much shorter than in production. */
  readonly timing: JobTiming;
  takeAway(): Promise<void>;
  bringBack(): Promise<void>;
  close(): Promise<void>;
}

/** Runs the same spec on both stores. */
export function describeOnEachStore(title: string, spec: (open: () => Promise<JobStore>) => void): void {
  describe(`${title}, in PostgreSQL`, () => spec(openPostgres));
  describeWithRedisServer(`${title}, in Redis`, () => spec(openRedis));
}

async function openPostgres(): Promise<JobStore> {
  const database = await createTestDatabase();
  const name = new URL(database.url).pathname.slice(1);
  return {
    connections: { databaseUrl: database.url, redisUrl: null },
    timing: { lease: 10, sweep: 1, poll: 0.5 },
    // What a failover looks like: connections end, new ones are refused for a while.
    takeAway: () =>
      administer(database.url, [
        `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
      ]),
    bringBack: () => administer(database.url, [`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`]),
    close: () => database.drop(),
  };
}

async function openRedis(): Promise<JobStore> {
  const redis = await startRedis({ appendonly: true });
  return {
    connections: { databaseUrl: 'postgres://127.0.0.1:1/not-used', redisUrl: redis.url },
    timing: { lease: 3, sweep: 1, poll: 1 },
    takeAway: () => redis.kill(),
    bringBack: () => redis.restart(),
    close: () => redis.stop(),
  };
}

async function administer(url: string, statements: readonly string[]): Promise<void> {
  const server = new URL(url);
  server.pathname = '/postgres';
  const client = new Client({ connectionString: server.href });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
