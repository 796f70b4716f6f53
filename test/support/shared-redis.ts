import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';

/** A server has so many databases unless it is told otherwise. The first is left to whatever else uses it. */
const DATABASES = Array.from({ length: 15 }, (_, index) => index + 1);
const OWNER = 'oco-test-owner';
/** What a run that was killed has left is free again after that. */
const OWNED_FOR_S = 1_800;

/** An empty database of the Redis that `REDIS_URL` names, for one spec alone, also beside other runs. */
export async function takeRedisDatabase(server: string): Promise<{ url: string; stop(): Promise<void> }> {
  const me = randomBytes(8).toString('hex');
  for (const number of DATABASES) {
    const url = new URL(server);
    url.pathname = `/${number}`;
    const client = new Redis(url.href);
    if ((await client.set(OWNER, me, 'EX', OWNED_FOR_S, 'NX')) === 'OK') {
      // A database that holds more is somebody's.
      if ((await client.dbsize()) === 1) return { url: url.href, stop: () => giveBack(client) };
      await client.del(OWNER);
    }
    client.disconnect();
  }
  throw new Error('Every database of the Redis at REDIS_URL from 1 to 15 is in use: empty one, or unset REDIS_URL.');
}

async function giveBack(client: Redis): Promise<void> {
  await client.flushdb();
  client.disconnect();
}
