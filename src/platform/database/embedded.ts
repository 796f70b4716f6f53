import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, escapeIdentifier } from 'pg';
import { prepareCluster, SUPERUSER } from './embedded/cluster.js';
import { clearLeftOverServer } from './embedded/left-over-server.js';
import { takeOwnerLock, type OwnerLock } from './embedded/owner-lock.js';
import { serverAccount } from './embedded/server-account.js';
import { spawnServer, type ServerProcess } from './embedded/server-process.js';
import { prepareSite } from './embedded/server-site.js';

export { DataDirectoryInUseError } from './embedded/owner-lock.js';

/** Room for the recovery of a crashed cluster on a slow disk. */
const READY_WITHIN_MS = 120_000;

const STARTS_TRIED = 5;
const START_AGAIN_AFTER_MS = 500;

const DATABASE = 'opencloudops';

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** Takes the server's own log, line by line. */
  readonly log: (line: string) => void;
  /** To get the same URL again after the server ended; otherwise a free one. */
  readonly port?: number;
}

/** A PostgreSQL of our own, on loopback only. */
export interface EmbeddedPostgres {
  readonly url: string;
  /** Resolves when the server has ended without having been asked to. The data directory is free again then. */
  readonly exited: Promise<void>;
  /** Stops the server after it has written everything, and gives the data directory back. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL in the data directory, which is made on the first start and recovered after a crash.
 * @throws {DataDirectoryInUseError} when another process owns the directory
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const lock = takeOwnerLock(dataDir);
  try {
    const site = await prepareSite(dataDir, await serverAccount(), options.log);
    const cluster = await prepareCluster(site);
    await clearLeftOverServer(cluster.directory, options.log);
    const { server, url } = await startServer(options.port, cluster.password, (port) =>
      spawnServer(site, cluster.directory, port, options.log),
    );
    return owned(server, url, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function owned(server: ServerProcess, url: string, lock: OwnerLock): EmbeddedPostgres {
  let stopping = false;
  const released = server.exited.then(() => lock.release());
  return {
    url,
    exited: new Promise((resolve) => {
      void released.then(() => {
        if (!stopping) resolve();
      });
    }),
    stop: async () => {
      stopping = true;
      await server.stop();
      await released;
    },
  };
}

async function startServer(
  wantedPort: number | undefined,
  password: string,
  spawnOn: (port: number) => ServerProcess,
): Promise<{ server: ServerProcess; url: string }> {
  for (let attempt = 1; ; attempt++) {
    const port = wantedPort ?? (await freePort());
    const server = spawnOn(port);
    const url = (database: string): string => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
    try {
      await acceptsConnections(server, url('postgres'));
      await ensureDatabase(url('postgres'));
      return { server, url: url(DATABASE) };
    } catch (error) {
      await server.stop();
      if (attempt === STARTS_TRIED || !mayPass(server.lastLines)) throw error;
      await sleep(START_AGAIN_AFTER_MS);
    }
  }
}

/** A port that another program took after we looked, or backends of a killed server that have not noticed yet that it is gone. */
const mayPass = (lines: readonly string[]): boolean =>
  lines.some((line) => /could not bind|pre-existing shared memory block/.test(line));

async function acceptsConnections(server: ServerProcess, url: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (server.isRunning) {
    if (await connects(url)) return;
    if (performance.now() > deadline) break;
    await sleep(50);
  }
  throw new Error(`The embedded PostgreSQL did not start:\n${server.lastLines.join('\n')}`);
}

async function connects(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // A server that ends between the answer and our farewell has nobody else to tell.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${escapeIdentifier(DATABASE)}`);
  } finally {
    await client.end();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('The system gave no port.'));
      });
    });
  });
}
