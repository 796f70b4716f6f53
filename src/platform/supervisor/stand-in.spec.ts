import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { version } from '../version.js';
import { StandIn } from './stand-in.js';

const reason = 'its heap of 64 MiB was full';
let port = 0;
let standIn: StandIn;

beforeEach(async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  await once(server.close(), 'close');
  standIn = new StandIn(port, '127.0.0.1');
  await standIn.open({ service: 'economist', version, reason, backAt: Date.now() + 4_200 });
});
afterEach(() => standIn.close());

const url = (path: string): string => `http://127.0.0.1:${port}${path}`;

describe('the stand-in of a context that is down', () => {
  it.each(['/health', '/health/ready', '/health?verbose=1'])('answers %s with 503 and the reason', async (path) => {
    const reply = await fetch(url(path));
    expect(reply.status).toBe(503);
    expect(await reply.json()).toEqual({
      status: 'degraded',
      service: 'economist',
      version,
      uptime_seconds: 0,
      reason,
      dependencies: {},
    });
  });

  it('stays alive for a liveness probe, because a restart would take the other contexts down', async () => {
    expect((await fetch(url('/health/live'))).status).toBe(200);
  });

  it('answers anything else in the error envelope, also a POST with a body, and says when to come back', async () => {
    const reply = await fetch(url('/api/v1/imports'), { method: 'POST', body: 'x'.repeat(4 << 20) });
    expect(reply.status).toBe(503);
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(4);
    expect(await reply.json()).toEqual({
      error: {
        code: 'service_unavailable',
        message: `economist is not running: ${reason}. It is being started again.`,
        details: {},
      },
    });
  });

  it('gives the port back even while a client keeps its connection, and takes it again', async () => {
    await fetch(url('/health'));
    await standIn.close();
    const successor = createServer().listen(port, '127.0.0.1');
    await once(successor, 'listening');
    await once(successor.close(), 'close');
    await standIn.open({ service: 'economist', version, reason: 'again', backAt: Date.now() });
    expect(await (await fetch(url('/health'))).json()).toMatchObject({ reason: 'again' });
  });
});
