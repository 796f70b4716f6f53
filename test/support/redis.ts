import { describe } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';
import { until } from './until.js';

/** A Redis of one spec alone, on a port that it keeps when it is killed and started again. */
export interface TestRedis {
  readonly url: string;
  /** As a crash does it. What was written is lost, unless it is started with `appendonly`. */
  kill(): Promise<void>;
  /** Waits until it answers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const server = process.env.TEST_REDIS_SERVER;

/** `describe`, left out where there is no redis-server; the end of the run says so. */
export const describeWithRedis = server === undefined ? describe.skip : describe;

export async function startRedis({ appendonly = false } = {}): Promise<TestRedis> {
  if (server === undefined) throw new Error('There is no redis-server: put this under describeWithRedis.');
  const folder = await mkdtemp(join(tmpdir(), 'oco-redis-'));
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const durability = appendonly ? ['--appendonly', 'yes', '--appendfsync', 'always'] : [];
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;

  const restart = async (): Promise<void> => {
    child = spawn(server, [...options, ...durability], { stdio: 'ignore' });
    await until(() => answers(url));
  };
  const kill = async (): Promise<void> => {
    if (child === null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    child = null;
  };
  await restart();
  return {
    url,
    kill,
    restart,
    stop: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}
