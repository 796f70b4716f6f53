import { afterEach, describe, expect, it } from '@jest/globals';
import { Counter } from 'prom-client';
import { z } from 'zod';
import { createLogger } from '../../../src/platform/logging/logger.js';
import { logRequests } from '../../../src/platform/logging/request-log.js';
import { createRegistry } from '../../../src/platform/metrics/registry.js';
import { measureRequests } from '../../../src/platform/metrics/request-durations.js';
import { startObservedApp, type ObservedApp } from '../../support/observed-app.js';
import { until } from '../../support/until.js';

const lineSchema = z.record(z.string(), z.unknown());

describe('what is told of requests', () => {
  const running: ObservedApp[] = [];
  const lines: Record<string, unknown>[] = [];

  const start = async (context: string) => {
    lines.length = 0;
    const registry = createRegistry(context);
    const destination = { write: (line: string) => void lines.push(lineSchema.parse(JSON.parse(line))) };
    const log = createLogger({ logLevel: 'debug', logFormat: 'json' }, context, destination);
    const observed = await startObservedApp(registry, [measureRequests(registry), logRequests(log)]);
    running.push(observed);
    return { ...observed, registry };
  };
  const scrape = async (url: string) => (await fetch(`${url}/metrics`)).text();
  const requests = () => lines.filter(({ msg }) => msg === 'request');

  afterEach(async () => {
    await Promise.all(running.splice(0).map(({ app }) => app.close()));
  });

  it('is kept apart for two contexts on one thread, each with its own label', async () => {
    const [cerebra, aegis] = [await start('cerebra'), await start('aegis')];
    new Counter({ name: 'calls_total', help: 'h', registers: [cerebra.registry] }).inc(7);
    expect(await scrape(cerebra.url)).toContain('calls_total{context="cerebra"} 7');
    const other = await scrape(aegis.url);
    expect(other).not.toContain('calls_total');
    expect(other).toMatch(/nodejs_eventloop_lag_seconds\{context="aegis"\} \d/);
    expect(other).toMatch(/process_resident_memory_bytes\{context="aegis"\} \d/);
  });

  it('is a series per route template and status, however many paths are asked for', async () => {
    const { url } = await start('cerebra');
    for (let id = 0; id < 20; id += 1) await fetch(`${url}/api/v1/things/${id}?key=S3CRET`);
    await fetch(`${url}/api/v1/things/1/broken`);
    const text = await scrape(url);
    const counts = text.match(/^http_request_duration_seconds_count.*$/gm) ?? [];
    expect(counts).toHaveLength(2);
    expect(counts[0]).toMatch(/route="\/api\/v1\/things\/:id",status="200"\} 20$/);
    expect(counts[1]).toMatch(/route="\/api\/v1\/things\/:id\/broken",status="503"\} 1$/);
    expect(text).not.toContain('things/7');
  });

  it('is one line each, with request id, template, status and time, and without the query', async () => {
    const { url } = await start('cerebra');
    await fetch(`${url}/api/v1/things/oco_live_S3CRETS3CRET?key=S3CRET`);
    await until(() => requests().length === 1);
    expect(requests()[0]).toMatchObject({
      level: 'info',
      request_id: expect.any(String),
      method: 'GET',
      route: '/api/v1/things/:id',
      status: 200,
      duration_ms: expect.any(Number),
    });
    expect(JSON.stringify(lines)).not.toContain('S3CRET');
  });

  it('is only for debugging where it is a probe', async () => {
    const { url } = await start('cerebra');
    for (const path of ['/health', '/health/live', '/health/ready', '/metrics']) await fetch(`${url}${path}`);
    await until(() => requests().length === 4);
    expect(requests().map(({ level }) => level)).toEqual(['debug', 'debug', 'debug', 'debug']);
  });

  it('is told also of a caller that leaves in the middle', async () => {
    const { url } = await start('cerebra');
    const aborter = new AbortController();
    const reply = await fetch(`${url}/api/v1/things/1/stream`, { signal: aborter.signal });
    expect(reply.status).toBe(200);
    aborter.abort();
    await until(() => requests().length === 1);
    expect(requests()[0]).toMatchObject({ route: '/api/v1/things/:id/stream', aborted: true });
  });

  it('is nothing for a route of the hot path', async () => {
    const { url } = await start('cerebra');
    expect(await (await fetch(`${url}/hot`)).text()).toBe('hot');
    await fetch(`${url}/api/v1/things/1`);
    await until(() => requests().length > 0);
    expect(requests().map(({ route }) => route)).toEqual(['/api/v1/things/:id']);
    expect(await scrape(url)).not.toContain('route="/hot"');
  });
});
