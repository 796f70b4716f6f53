import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ServerSite } from './server-site.js';

/** Ours is not handed on: it holds credentials. */
export const SERVER_ENVIRONMENT = { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' };

/** A fast shutdown writes a checkpoint first; past this the server is told to stop without one. */
const FAST_SHUTDOWN_MS = 60_000;

/** Enough to show why a start failed. */
const KEPT_LINES = 20;

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  // TCP only: a socket's path is limited to some 100 bytes, which a data directory may exceed.
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // Statements and details hold rows, which have no place in a log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_line_prefix: '',
};

/** A running `postgres`. */
export interface ServerProcess {
  readonly isRunning: boolean;
  /** Resolves when the process has ended, for whatever reason. */
  readonly exited: Promise<void>;
  /** The last lines that it wrote. */
  readonly lastLines: readonly string[];
  /** Rolls back what is open, writes everything to disk, ends. */
  stop(): Promise<void>;
}

/** Starts the program; it takes connections some time later. */
export function spawnServer(
  site: ServerSite,
  cluster: string,
  port: number,
  log: (line: string) => void,
): ServerProcess {
  const settings = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = spawn(site.postgres, ['-D', cluster, ...settings], {
    ...site.account,
    cwd: site.home,
    env: SERVER_ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
    // A session of its own: Ctrl-C in a terminal goes to the whole group, and the database must outlive the drain.
    detached: true,
  });
  const lastLines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (lastLines.push(line) > KEPT_LINES) lastLines.shift();
    log(line);
  });

  // The last resort of a process that ends without stopping its server, after an uncaught error for example.
  const onProcessExit = (): void => void child.kill('SIGINT');
  process.once('exit', onProcessExit);
  const exited = endOf(child, lastLines).finally(() => process.off('exit', onProcessExit));

  return {
    get isRunning() {
      return isRunning(child);
    },
    exited,
    lastLines,
    stop: async () => {
      child.kill('SIGINT');
      const impatience = setTimeout(() => child.kill('SIGQUIT'), FAST_SHUTDOWN_MS);
      await exited;
      clearTimeout(impatience);
    },
  };
}

const isRunning = (child: ChildProcess): boolean =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null;

async function endOf(child: ChildProcess, lines: string[]): Promise<void> {
  try {
    await once(child, 'close');
  } catch (error) {
    // The program could not be started at all.
    lines.push(String(error));
  }
}
