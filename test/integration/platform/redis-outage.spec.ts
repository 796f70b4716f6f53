import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { checkRedis, connectRedis } from '../../../src/platform/redis/redis.js';
import { LogLines } from '../../support/log-lines.js';
import { describeWithRedisServer, startRedis, type TestRedisServer } from '../../support/redis.js';
import { until } from '../../support/until.js';

describeWithRedisServer('a Redis that goes away', () => {
  let server: TestRedisServer;
  let redis: Redis;
  let lines: LogLines;

  beforeEach(async () => {
    server = await startRedis();
    lines = new LogLines();
    redis = connectRedis(server.url, { name: 'test', log: lines.log });
    await until(() => redis.status === 'ready');
  });

  afterEach(async () => {
    redis.disconnect();
    await server.stop();
  });

  it('fails commands at once, is told of once, and is used again by itself when it is back', async () => {
    await checkRedis(redis);
    let attempts = 0;
    redis.on('reconnecting', () => (attempts += 1));
    await server.kill();
    await until(() => redis.status === 'reconnecting');
    const before = performance.now();
    await expect(redis.get('x')).rejects.toThrow();
    await expect(checkRedis(redis)).rejects.toThrow('Redis is not connected');
    expect(performance.now() - before).toBeLessThan(500);
    // Long enough an outage for the back-off to reach its cap.
    await until(() => attempts >= 6);
    await server.restart();
    await until(() => redis.status === 'ready');
    await checkRedis(redis);
    expect(lines.messages).toEqual([
      'The connection to Redis was lost; connecting goes on in the background.',
      'Redis is back.',
    ]);
  });
});
