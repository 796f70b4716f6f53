import { execFile } from 'node:child_process';
import { readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A fast shutdown writes a checkpoint, which can take a while on a slow disk. */
const FAST_SHUTDOWN_MS = 60_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;

/**
 * Clears what an owner that was killed left behind: a server still running on the cluster, or a lock file whose process
 * id some other program has by now, which PostgreSQL would take for a running server.
 */
export async function clearLeftOverServer(cluster: string, log: (line: string) => void): Promise<void> {
  const lockFile = join(cluster, 'postmaster.pid');
  const pid = await pidIn(lockFile);
  if (pid === null) return;
  if (await servesFrom(pid, cluster)) {
    log(`stopping the PostgreSQL (process ${pid}) that outlived its owner`);
    await stopServer(pid, cluster);
    return;
  }
  // With no such process, PostgreSQL judges the file better itself: it also looks for backends that still live.
  if (isAlive(pid)) await rm(lockFile, { force: true });
}

async function pidIn(lockFile: string): Promise<number | null> {
  const text = await readFile(lockFile, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

/** A server's working directory is its cluster, which tells it from a stranger with the same process id. */
async function servesFrom(pid: number, cluster: string): Promise<boolean> {
  if (process.platform === 'linux') {
    return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === cluster;
  }
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.includes(cluster);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}

async function stopServer(pid: number, cluster: string): Promise<void> {
  process.kill(pid, 'SIGINT');
  if (await ended(pid, cluster, FAST_SHUTDOWN_MS)) return;
  process.kill(pid, 'SIGQUIT');
  if (await ended(pid, cluster, IMMEDIATE_SHUTDOWN_MS)) return;
  throw new Error(`The PostgreSQL of an earlier run (process ${pid}, in ${cluster}) does not stop. End it by hand.`);
}

async function ended(pid: number, cluster: string, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (!(await servesFrom(pid, cluster))) return true;
    await sleep(50);
  }
  return false;
}
