import { describe } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';
import { takeRedisDatabase } from './shared-redis.js';
import { until } from './until.js';

/** An empty Redis for one spec alone. */
export interface TestRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/** One that a spec may end: it keeps its port when it is killed and started again. */
export interface TestRedisServer extends TestRedis {
  /** As a crash does it. What was written is lost, unless it is started with `appendonly`. */
  kill(): Promise<void>;
  /** Waits until it answers. */
  restart(): Promise<void>;
}

const shared = process.env.REDIS_URL;
const server = process.env.TEST_REDIS_SERVER;

/** `describe`, left out where there is no Redis; the end of the run says so. */
export const describeWithRedis = shared === undefined && server === undefined ? describe.skip : describe;
/** The same for specs that stop and start it, which only a redis-server of our own may be done to. */
export const describeWithRedisServer = server === undefined ? describe.skip : describe;

/** On the Redis that `REDIS_URL` names where it does; otherwise one of our own. */
export const openRedis = (): Promise<TestRedis> => (shared === undefined ? startRedis() : takeRedisDatabase(shared));

export async function startRedis({ appendonly = false } = {}): Promise<TestRedisServer> {
  if (server === undefined) throw new Error('There is no redis-server: put this under describeWithRedisServer.');
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
