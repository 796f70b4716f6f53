import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { DataDirectoryInUseError, startEmbeddedPostgres } from '../../../src/platform/database/embedded.js';
import { makeDataDirectory, type DataDirectory } from '../../support/data-directory.js';
import { serverPid, serverRuns, startOwner } from '../../support/embedded-process.js';
import { until } from '../../support/until.js';

let data: DataDirectory;

beforeEach(async () => {
  data = await makeDataDirectory();
});

afterEach(() => data.remove());

const lockFile = () => join(data.path, 'postgres', 'cluster', 'postmaster.pid');
const start = () => startEmbeddedPostgres({ dataDir: data.path, log: () => undefined });

async function run(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const store = (url: string) => run(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
const stored = (url: string) => run(url, 'SELECT answer FROM kept');

it('recovers after kill -9 of its owner, whose server still runs with a transaction open', async () => {
  const owner = await startOwner(data.path);
  await store(owner.url);
  const open = new Client({ connectionString: owner.url });
  open.on('error', () => undefined);
  await open.connect();
  await open.query('BEGIN');
  await open.query('INSERT INTO kept VALUES (43)');
  const orphan = serverPid(data.path);
  owner.kill('SIGKILL');
  await owner.ended;
  expect(serverRuns(orphan)).toBe(true);

  const postgres = await start();
  expect(serverRuns(orphan)).toBe(false);
  expect(await stored(postgres.url)).toEqual([{ answer: 42 }]);
  await postgres.stop();
  await open.end();
});

it('recovers after kill -9 of its owner and its server at once', async () => {
  const owner = await startOwner(data.path);
  await store(owner.url);
  owner.kill('SIGKILL');
  process.kill(serverPid(data.path), 'SIGKILL');
  await owner.ended;

  const postgres = await start();
  expect(await stored(postgres.url)).toEqual([{ answer: 42 }]);
  await postgres.stop();
});

it('recovers when the id of the killed server belongs to another program by now, which it leaves alone', async () => {
  const first = await start();
  await store(first.url);
  const file = readFileSync(lockFile(), 'utf8');
  await first.stop();
  // The server's own user runs the stranger: PostgreSQL takes any such process for the server.
  const { uid, gid } = statSync(join(data.path, 'postgres', 'cluster'));
  const stranger = spawn('sleep', ['60'], { uid, gid, cwd: '/' });
  writeFileSync(lockFile(), file.replace(/^\d+/, String(stranger.pid)));

  const postgres = await start();
  expect(await stored(postgres.url)).toEqual([{ answer: 42 }]);
  expect(stranger.exitCode).toBeNull();
  stranger.kill();
  await postgres.stop();
});

it('refuses a second owner by name and leaves the first alone; the next one may have it when that has stopped', async () => {
  const first = await startOwner(data.path);
  await store(first.url);

  const second = await startOwner(data.path);
  expect(second.url).toBe('');
  expect(await second.ended).toMatch(/^DataDirectoryInUseError: The data directory .* is in use by process \d+\. Stop/);
  expect(await stored(first.url)).toEqual([{ answer: 42 }]);

  first.kill('SIGTERM');
  expect(await first.ended).toBe('');
  const postgres = await start();
  await expect(start()).rejects.toBeInstanceOf(DataDirectoryInUseError);
  expect(await stored(postgres.url)).toEqual([{ answer: 42 }]);
  await postgres.stop();
});

it('takes its server along when it ends by an uncaught error', async () => {
  const owner = await startOwner(data.path, 'throw');
  const pid = serverPid(data.path);
  expect(await owner.ended).toContain('as asked');
  await until(() => !serverRuns(pid));
  await (await start()).stop();
});

it('says when its server ended by itself, and starts at the same address again', async () => {
  const first = await start();
  await store(first.url);
  process.kill(serverPid(data.path), 'SIGKILL');
  await first.exited;

  const port = Number(new URL(first.url).port);
  const second = await startEmbeddedPostgres({ dataDir: data.path, log: () => undefined, port });
  expect(second.url).toBe(first.url);
  expect(await stored(second.url)).toEqual([{ answer: 42 }]);
  let ended = false;
  void second.exited.then(() => (ended = true));
  await second.stop();
  await new Promise(setImmediate);
  expect(ended).toBe(false);
});
