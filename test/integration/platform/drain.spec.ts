import { Agent, request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { drain } from '../../../src/platform/http/drain.js';
import { startManagedApp, WidgetWork, type ManagedApp } from '../../support/managed-app.js';
import { until } from '../../support/until.js';

describe('draining a listener', () => {
  let managed: ManagedApp;
  let agent: Agent;
  beforeEach(async () => {
    managed = await startManagedApp();
    agent = new Agent({ keepAlive: true, maxSockets: 4 });
  });
  afterEach(async () => {
    agent.destroy();
    await managed.stop();
  });

  const get = (
    path: string,
    method = 'GET',
    body = '',
  ): Promise<{ reply: IncomingMessage; text: () => Promise<string> }> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${managed.adminKey}`, 'content-type': 'application/json' };
      const call = request(managed.url + path, { agent, method, headers }, (reply) => {
        let text = '';
        const ended = new Promise<string>((done, failed) => {
          reply.on('data', (chunk: Buffer) => (text += chunk.toString()));
          reply.on('end', () => done(text));
          reply.on('error', failed);
        });
        resolve({ reply, text: () => ended });
      });
      call.on('error', reject);
      call.end(body);
    });
  const drained = (deadlineMs = 5_000): Promise<number> => drain(managed.app.getHttpServer(), deadlineMs);

  it('lets a stream and a call end, closes idle connections, and takes no new ones', async () => {
    const work = managed.app.get(WidgetWork, { strict: false });
    const gate = Promise.withResolvers<void>();
    work.next = () => gate.promise;
    await (await get('/api/v1/widgets/open')).text();
    const stream = await get('/api/v1/drip');
    const call = get('/api/v1/widgets', 'POST', '{"name":"a"}');
    await until(() => work.made === 1);
    const start = performance.now();
    const done = drained();
    await until(() => refuses(managed.url));
    gate.resolve();
    expect((await call).reply.statusCode).toBe(201);
    expect(await stream.text()).toMatch(/10\nend$/);
    expect(await done).toBe(0);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it('tells a client that calls on an open connection not to come again', async () => {
    const stream = await get('/api/v1/drip');
    const { port } = new URL(managed.url);
    const head = `GET /api/v1/widgets/open HTTP/1.1\r\nhost: x\r\n`;
    const socket = connect(Number(port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    // Half a head: a connection with a call on its way is not idle.
    socket.write(head);
    await until(async () => (await connections(managed)) === 2);
    const done = drained();
    socket.write('\r\n');
    await until(() => answer.includes('\r\n\r\n'));
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer.toLowerCase()).toContain('connection: close');
    expect(await stream.text()).toMatch(/end$/);
    expect(await done).toBe(0);
  });

  it('cuts what has not ended by the deadline, and says how much', async () => {
    const work = managed.app.get(WidgetWork, { strict: false });
    const gate = Promise.withResolvers<void>();
    work.next = () => gate.promise;
    const call = get('/api/v1/widgets', 'POST', '{"name":"a"}');
    const cut = expect(call).rejects.toThrow('socket hang up');
    await until(() => work.made === 1);
    expect(await drained(100)).toBe(1);
    await cut;
    gate.resolve();
  });

  it('does not wait for a connection that was opened in advance and never used', async () => {
    const socket = connect(Number(new URL(managed.url).port), '127.0.0.1');
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    await until(async () => (await connections(managed)) === 1);
    const start = performance.now();
    expect(await drained(10_000)).toBe(0);
    expect(performance.now() - start).toBeLessThan(5_000);
    await closed;
  });

  it('has nothing to do for a listener that does not listen', async () => {
    await drained();
    expect(await drained()).toBe(0);
  });
});

const refuses = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });

const connections = (managed: ManagedApp): Promise<number> =>
  new Promise((resolve) => {
    managed.app.getHttpServer().getConnections((_error: Error | null, count: number) => resolve(count));
  });
