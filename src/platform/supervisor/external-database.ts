import { setTimeout as sleep } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import type { Logger } from 'pino';

/** A database that starts beside us gets this long. */
const PATIENCE_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5_000;
const PAUSE_MS = 1_000;
/** SQLSTATE: the server is there and says that it will be ready soon, or has no connection to spare. */
const SOON = new Set(['57P03', '53300']);

/** Which server and database, without the password. */
const named = (url: string): string => {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || '5432'}${pathname}`;
};

/** @throws saying where it looked, when the database stays away or refuses us */
export async function waitForDatabase(
  url: string,
  signal: AbortSignal,
  log: Logger,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const failure = await connectionFailure(url);
    if (failure === null) return;
    if (failure instanceof DatabaseError && !SOON.has(failure.code ?? '')) {
      throw new Error(`PostgreSQL at ${named(url)} refuses us: ${failure.message}`, { cause: failure });
    }
    if (performance.now() + PAUSE_MS > deadline) {
      throw new Error(`PostgreSQL at ${named(url)} cannot be reached (DATABASE_URL, POSTGRES_HOST)`, {
        cause: failure,
      });
    }
    log.warn(`waiting for PostgreSQL at ${named(url)}: ${reasonOf(failure)}`);
    await sleep(PAUSE_MS, undefined, { signal });
  }
}

/** A name with several addresses fails with all of their errors in one that has no message. */
const reasonOf = (failure: Error): string =>
  failure instanceof AggregateError ? failure.errors.map(String).join(', ') : failure.message;

async function connectionFailure(url: string): Promise<Error | null> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A socket that breaks between connect and end has nobody else to tell.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await client.end();
  }
}
