import { describe, expect, it } from '@jest/globals';
import { HealthRegistry } from './health-registry.js';

const working = async (): Promise<void> => {};
const failing = (message: string) => () => Promise.reject(new Error(message));

describe('HealthRegistry', () => {
  it('is well and ready without dependencies', async () => {
    const registry = new HealthRegistry('console');
    expect(await registry.health()).toMatchObject({ status: 'ok', service: 'console', dependencies: {} });
    expect(await registry.readiness()).toMatchObject({ status: 'ok' });
  });

  it('is degraded, but ready, without a dependency that is only reported', async () => {
    const registry = new HealthRegistry('cerebra');
    registry.register({ name: 'database', check: failing('connect ECONNREFUSED'), requiredFor: 'health' });
    registry.register({ name: 'redis', check: working, requiredFor: 'readiness' });
    expect(await registry.health()).toMatchObject({
      status: 'degraded',
      dependencies: { database: { status: 'down', error: 'connect ECONNREFUSED' }, redis: { status: 'ok' } },
    });
    expect(await registry.readiness()).toMatchObject({ status: 'ok', dependencies: { redis: { status: 'ok' } } });
  });

  it('is not ready without a dependency that its main job needs', async () => {
    const registry = new HealthRegistry('aegis');
    registry.register({ name: 'database', check: failing('gone'), requiredFor: 'readiness' });
    expect(await registry.readiness()).toMatchObject({ status: 'degraded' });
  });

  it('is not ready once it stops, though all is well', async () => {
    const registry = new HealthRegistry('aegis');
    registry.markStopping();
    expect(await registry.readiness()).toMatchObject({ status: 'stopping' });
    expect(await registry.health()).toMatchObject({ status: 'ok' });
  });

  it('gives up on a check that does not answer', async () => {
    const registry = new HealthRegistry('aegis');
    registry.register({ name: 'hanging', check: () => new Promise(() => {}), requiredFor: 'health' });
    const start = performance.now();
    expect(await registry.health()).toMatchObject({ dependencies: { hanging: { status: 'down' } } });
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it('asks once for many probes at the same time', async () => {
    const registry = new HealthRegistry('aegis');
    let asked = 0;
    const check = async (): Promise<void> => void (asked += 1);
    registry.register({ name: 'database', check, requiredFor: 'readiness' });
    await Promise.all(Array.from({ length: 50 }, () => registry.health()));
    await registry.readiness();
    expect(asked).toBe(1);
  });

  it('shows no password of a connection', async () => {
    const registry = new HealthRegistry('aegis');
    const message = `cannot reach postgres://admin:hunter2@db/x ${'x'.repeat(1_000)}`;
    registry.register({ name: 'database', check: failing(message), requiredFor: 'health' });
    const text = JSON.stringify(await registry.health());
    expect(text).not.toContain('hunter2');
    expect(text.length).toBeLessThan(500);
  });

  it('refuses a second check with the same name', () => {
    const registry = new HealthRegistry('aegis');
    registry.register({ name: 'database', check: working, requiredFor: 'health' });
    expect(() => registry.register({ name: 'database', check: working, requiredFor: 'health' })).toThrow('database');
  });
});
