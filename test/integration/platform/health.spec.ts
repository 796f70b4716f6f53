import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { startObservedApp, type ObservedApp } from '../../support/observed-app.js';

describe('the probes', () => {
  let observed: ObservedApp;
  beforeEach(async () => {
    observed = await startObservedApp(new Registry(), []);
  });
  afterEach(() => observed.app.close());

  const probe = async (path: string) => {
    const reply = await fetch(`${observed.url}${path}`);
    return { status: reply.status, cache: reply.headers.get('cache-control'), body: await reply.json() };
  };
  const away = () => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:5432'));

  it('tell status, service, version, uptime and dependencies', async () => {
    observed.health.register({ name: 'database', check: async () => {}, requiredFor: 'health' });
    expect(await probe('/health')).toEqual({
      status: 200,
      cache: 'no-store',
      body: {
        status: 'ok',
        service: 'things',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        uptime_seconds: expect.any(Number),
        dependencies: { database: { status: 'ok', latency_ms: expect.any(Number) } },
      },
    });
  });

  it('say 503 and why when a dependency is away, while ready and live stay 200', async () => {
    observed.health.register({ name: 'database', check: away, requiredFor: 'health' });
    expect(await probe('/health')).toMatchObject({
      status: 503,
      body: {
        status: 'degraded',
        dependencies: { database: { status: 'down', error: expect.stringContaining('5432') } },
      },
    });
    expect(await probe('/health/ready')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await probe('/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('say that it is not ready without what its main job needs, and while it stops', async () => {
    expect(await probe('/health/ready')).toMatchObject({ status: 200 });
    observed.health.markStopping();
    expect(await probe('/health/ready')).toMatchObject({ status: 503, body: { status: 'stopping' } });
    observed.health.register({ name: 'database', check: away, requiredFor: 'readiness' });
    expect(await probe('/health/ready')).toMatchObject({ status: 503, body: { dependencies: { database: {} } } });
  });

  it('cost one check however many ask', async () => {
    let asked = 0;
    const check = async (): Promise<void> => void (asked += 1);
    observed.health.register({ name: 'database', check, requiredFor: 'health' });
    await Promise.all(Array.from({ length: 100 }, () => probe('/health')));
    expect(asked).toBeLessThanOrEqual(2);
  });
});
