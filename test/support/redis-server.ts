import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { leaveOut } from './missing.js';

const COMMAND = 'apt-get install redis-server';
const INSTALL_WITHIN_MS = 180_000;

/**
 * Once per run: finds a redis-server, or installs it where this is a container's root.
 * Without one, what needs Redis is left out, and the end of the run says so; on CI the run fails.
 */
export function prepareRedisServer(): void {
  const server = findRedisServer() ?? installRedisServer();
  if (server !== null) process.env.TEST_REDIS_SERVER = server;
  else if (process.env.CI !== undefined) throw new Error(`There is no redis-server, which CI must have: ${COMMAND}`);
  else leaveOut('what runs on Redis', COMMAND);
}

function findRedisServer(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'redis-server')).find((file) => existsSync(file)) ?? null;
}

function installRedisServer(): string | null {
  if (process.getuid?.() !== 0) return null;
  const install = 'apt-get update -q && apt-get install -q -y --no-install-recommends redis-server';
  try {
    // One run at a time; run level 1 keeps the package from starting a server of its own.
    execFileSync('flock', [join(tmpdir(), 'oco-redis-install.lock'), 'sh', '-c', install], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
      stdio: 'ignore',
      timeout: INSTALL_WITHIN_MS,
    });
  } catch {
    // No package manager of that kind, or no network: the caller says what is missing.
  }
  return findRedisServer();
}
