import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/platform/logging/logger.js';
import { createRegistry } from '../../../src/platform/metrics/registry.js';
import { measureRequests } from '../../../src/platform/metrics/request-durations.js';
import { startTelemetry, type Telemetry } from '../../../src/platform/tracing/telemetry.js';
import { startObservedApp, type ObservedApp } from '../../support/observed-app.js';
import { until } from '../../support/until.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('OpenTelemetry', () => {
  let receiver: Server;
  let endpoint: string;
  let observed: ObservedApp | null = null;
  let status = 200;
  const received = new Map<string, Buffer>();
  const lines: string[] = [];

  beforeEach(async () => {
    received.clear();
    lines.length = 0;
    status = 200;
    receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.set(`${request.url} ${request.headers['content-type']}`, Buffer.concat(chunks));
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const address = receiver.address();
    endpoint = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  afterEach(async () => {
    await observed?.app.close();
    observed = null;
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  });

  const start = async (otlpEndpoint: string | null): Promise<Telemetry> => {
    const registry = createRegistry('things');
    const destination = { write: (line: string) => void lines.push(line) };
    const log = createLogger({ logLevel: 'info', logFormat: 'json' }, 'things', destination);
    const telemetry = await startTelemetry({ otlpEndpoint }, 'things', registry, log);
    observed = await startObservedApp(registry, [measureRequests(registry), ...telemetry.observers]);
    return telemetry;
  };
  const told = (what: string) => lines.filter((line) => line.includes(`OpenTelemetry ${what} cannot be sent`)).length;
  const call = async (path: string): Promise<void> => {
    const traceparent = `00-${TRACE_ID}-00f067aa0ba902b7-01`;
    await (await fetch(`${observed?.url}${path}`, { headers: { traceparent } })).arrayBuffer();
  };

  it("sends a span per management request, as the caller's child, and every metric", async () => {
    const telemetry = await start(endpoint);
    await call('/api/v1/things/S3CRET?key=S3CRET');
    await telemetry.shutdown(5_000);
    const traces = received.get('/v1/traces application/x-protobuf');
    // Protobuf holds texts and ids as they are.
    expect(traces?.includes(Buffer.from(TRACE_ID, 'hex'))).toBe(true);
    expect(traces?.includes('GET /api/v1/things/:id')).toBe(true);
    expect(traces?.includes('http.response.status_code')).toBe(true);
    expect(traces?.includes('open-cloud-ops')).toBe(true);
    expect(traces?.includes('S3CRET')).toBe(false);
    const metrics = received.get('/v1/metrics application/x-protobuf');
    expect(metrics?.includes('http_request_duration_seconds')).toBe(true);
    expect(metrics?.includes('nodejs_heap_size_used_bytes')).toBe(true);
    expect(metrics?.includes('S3CRET')).toBe(false);
  });

  it('makes no span of probes and hot routes', async () => {
    const telemetry = await start(endpoint);
    for (const path of ['/health', '/metrics', '/hot']) await call(path);
    await telemetry.shutdown(5_000);
    expect([...received.keys()]).toEqual(['/v1/metrics application/x-protobuf']);
  });

  it('takes nothing from requests when the endpoint is away, says so once, and stops in time', async () => {
    const telemetry = await start('http://127.0.0.1:1');
    for (let round = 0; round < 30; round += 1) await call('/api/v1/things/1');
    const begin = performance.now();
    await telemetry.shutdown(1_000);
    expect(performance.now() - begin).toBeLessThan(2_500);
    await until(() => told('traces') > 0 && told('metrics') > 0);
    expect([told('traces'), told('metrics')]).toEqual([1, 1]);
  });

  it('says once that the endpoint refuses', async () => {
    status = 400;
    const telemetry = await start(endpoint);
    await call('/api/v1/things/1');
    await telemetry.shutdown(5_000);
    expect([told('traces'), told('metrics')]).toEqual([1, 1]);
  });

  it('is nothing without an endpoint', async () => {
    const telemetry = await start(null);
    expect(telemetry).toMatchObject({ tracer: null, observers: [] });
    await call('/api/v1/things/1');
    await telemetry.shutdown(0);
    expect(received.size).toBe(0);
  });
});
