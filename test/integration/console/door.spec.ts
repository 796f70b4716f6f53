import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startConsole, startUpstream, type RunningConsole, type Upstream } from '../../support/console-app.js';
import { until } from '../../support/until.js';

describe('the door to the contexts', () => {
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).toReversed()) await stop();
  });

  const open = async (listener: Parameters<typeof startUpstream>[0]): Promise<RunningConsole & { up: Upstream }> => {
    const up = await startUpstream(listener);
    const running = await startConsole({ cerebra: up.url });
    stops.push(up.stop, () => running.app.close());
    return { ...running, up };
  };
  /** Unlike `fetch`, sends paths and headers as they are. */
  const raw = (url: string, path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => httpRequest(url, { path, headers }, resolve).on('error', reject).end());

  it('passes method, path, query, body and Authorization on, and the reply back', async () => {
    const { url } = await open(async (request, response) => {
      const body = await text(request);
      response.writeHead(201, { 'content-type': 'application/json', 'x-own': 'kept' });
      const { method, url: path, headers } = request;
      response.end(JSON.stringify({ method, path, key: headers.authorization, body }));
    });
    const reply = await fetch(`${url}/api/cerebra/api/v1/budgets?a=1&a=2`, {
      method: 'POST',
      headers: { authorization: 'Bearer k', 'content-type': 'application/json' },
      body: '{ "not": "touched" }',
    });
    expect([reply.status, reply.headers.get('x-own')]).toEqual([201, 'kept']);
    expect(await reply.json()).toEqual({
      method: 'POST',
      path: '/api/v1/budgets?a=1&a=2',
      key: 'Bearer k',
      body: '{ "not": "touched" }',
    });
  });

  it('streams: the first event is here before the second exists', async () => {
    let finish = (): void => {};
    const { url } = await open((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
      finish = () => void response.end('data: 2\n\n');
    });
    const reply = await fetch(`${url}/api/cerebra/events`);
    const reader = reply.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('data: 1\n\n');
    finish();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('data: 2\n\n');
    expect((await reader?.read())?.done).toBe(true);
  });

  it('carries a large upload without keeping it', async () => {
    const { url } = await open((request, response) => {
      let bytes = 0;
      request.on('data', (chunk: Buffer) => (bytes += chunk.length));
      request.on('end', () => response.end(String(bytes)));
    });
    const body = Buffer.alloc(24 << 20);
    const reply = await fetch(`${url}/api/cerebra/api/v1/imports`, { method: 'POST', body });
    expect(await reply.text()).toBe(String(body.length));
  });

  it('tells the context when the caller goes away', async () => {
    let gone = false;
    const { url } = await open((_request, response) => {
      response.writeHead(200).write('first');
      response.on('close', () => (gone = true));
    });
    const aborter = new AbortController();
    await fetch(`${url}/api/cerebra/stream`, { signal: aborter.signal });
    aborter.abort();
    await until(() => gone);
  });

  it('says 503 in the error envelope when the context is not running, and works again when it is back', async () => {
    const { url, up } = await open((_request, response) => void response.end('back'));
    const port = Number(new URL(up.url).port);
    await up.stop();
    const away = await fetch(`${url}/api/cerebra/api/v1/budgets`);
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await away.json()).toEqual({
      error: { code: 'service_unavailable', message: 'Cerebra is not running.', details: {} },
    });
    const again = await startUpstream((_request, response) => void response.end('back'), port);
    stops.push(again.stop);
    expect(await (await fetch(`${url}/api/cerebra/x`)).text()).toBe('back');
  });

  it('says 502 when the context hangs up, and cuts the reply off when it does so in the middle', async () => {
    const { url } = await open((request, response) => {
      if (request.url === '/middle') response.writeHead(200).write('half', () => response.destroy());
      else request.socket.destroy();
    });
    const none = await fetch(`${url}/api/cerebra/none`);
    expect(none.status).toBe(502);
    expect(await none.json()).toMatchObject({ error: { code: 'upstream_error' } });
    await expect(fetch(`${url}/api/cerebra/middle`).then((reply) => reply.text())).rejects.toThrow();
  });

  it.each(['/api/cerebra/../x', '/api/cerebra/%2e%2e/x', '/api/cerebra/..%2f..%2fx', '/api/cerebra/..\\x'])(
    'refuses %s before the context hears of it',
    async (path) => {
      let asked = 0;
      const { url } = await open((_request, response) => void response.end(String((asked += 1))));
      expect((await raw(url, path)).statusCode).toBe(400);
      expect(asked).toBe(0);
    },
  );

  it('keeps what is meant for one connection only on that connection', async () => {
    const { url } = await open((request, response) => {
      response.writeHead(200, { 'keep-alive': 'timeout=99', 'x-hop': '1', connection: 'x-hop', 'x-end': '1' });
      response.end(JSON.stringify(request.headers));
    });
    const reply = await raw(url, '/api/cerebra/x', {
      connection: 'close, x-mine',
      'x-mine': '1',
      te: 'trailers',
      'proxy-authorization': 'Basic x',
      'x-kept': '1',
    });
    const seen: unknown = JSON.parse(await text(reply));
    expect(seen).toMatchObject({ 'x-kept': '1' });
    expect(seen).not.toHaveProperty('x-mine');
    expect(seen).not.toHaveProperty('te');
    expect(seen).not.toHaveProperty('proxy-authorization');
    expect(reply.headers).toMatchObject({ 'x-end': '1' });
    expect(reply.headers).not.toHaveProperty('x-hop');
    expect(reply.headers['keep-alive']).not.toBe('timeout=99');
  });
});
