import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { pino } from 'pino';
import { waitForDatabase } from './external-database.js';

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await once(server.close(), 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function attempt(patienceMs: number, signal: AbortSignal) {
  const lines: string[] = [];
  const log = pino({}, { write: (line) => lines.push(line) });
  const port = await closedPort();
  const url = `postgres://app:hunter2@127.0.0.1:${port}/oco`;
  const message = await waitForDatabase(url, signal, log, patienceMs).then(() => 'reached', String);
  return { port, lines, message };
}

describe('a database that cannot be reached', () => {
  it('is waited for, and then told with its place and the variables that name it, without the password', async () => {
    const { port, lines, message } = await attempt(1_500, new AbortController().signal);
    expect(lines.join('')).toMatch(new RegExp(`waiting for PostgreSQL at 127.0.0.1:${port}/oco: .*ECONNREFUSED`));
    expect(message).toBe(`Error: PostgreSQL at 127.0.0.1:${port}/oco cannot be reached (DATABASE_URL, POSTGRES_HOST)`);
    expect(lines.join('') + message).not.toContain('hunter2');
  });

  it('is not waited for any longer when the process is told to stop', async () => {
    const since = performance.now();
    const { message } = await attempt(60_000, AbortSignal.timeout(200));
    expect(message).toContain('AbortError');
    expect(performance.now() - since).toBeLessThan(10_000);
  });
});
