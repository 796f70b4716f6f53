import { afterEach, describe, expect, it } from '@jest/globals';
import { healthy, startConsole, startUpstream, type RunningConsole, type Upstream } from '../../support/console-app.js';

describe("the console's view of the contexts", () => {
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).toReversed()) await stop();
  });

  const upstream = async (...[listener, port]: Parameters<typeof startUpstream>): Promise<Upstream> => {
    const started = await startUpstream(listener, port);
    stops.push(started.stop);
    return started;
  };
  const start = async (...given: Parameters<typeof startConsole>): Promise<RunningConsole> => {
    const started = await startConsole(...given);
    stops.push(() => started.app.close());
    return started;
  };
  const view = async ({ url }: RunningConsole) => (await fetch(`${url}/api/v1/contexts`)).json();

  it('tells each as it is: well, degraded with its reasons, not running', async () => {
    const down = { database: { status: 'down', latency_ms: 4, error: 'connect ECONNREFUSED 127.0.0.1:5432' } };
    const cerebra = await upstream(healthy({ dependencies: { jobs: { status: 'ok', latency_ms: 2 } } }));
    const aegis = await upstream(healthy({ status: 'degraded', reason: 'its heap was full', dependencies: down }, 503));
    const running = await start({ cerebra: cerebra.url, aegis: `${aegis.url}/` });
    expect(await view(running)).toEqual({
      total: 3,
      contexts: [
        {
          name: 'cerebra',
          title: 'Cerebra',
          description: expect.any(String),
          status: 'ok',
          version: '1.2.3',
          uptime_seconds: 3_725,
          reason: null,
          dependencies: { jobs: { status: 'ok', latency_ms: 2, error: null } },
          docs_url: `${cerebra.url}/docs`,
        },
        expect.objectContaining({ name: 'economist', status: 'not_running', version: null, docs_url: null }),
        expect.objectContaining({
          name: 'aegis',
          status: 'degraded',
          reason: 'its heap was full',
          dependencies: down,
          docs_url: `${aegis.url}/docs`,
        }),
      ],
    });
  });

  it.each([
    ['does not answer', () => {}],
    ['answers with something else', (_request, response) => void response.end('<h1>a router</h1>')],
    ['answers without end', (_request, response) => void response.end('x'.repeat(1 << 20))],
    ['hangs up', (request) => void request.socket.destroy()],
  ] satisfies [string, Parameters<typeof startUpstream>[0]][])(
    'says within its bound that one %s, and is not held up for the others',
    async (_, listener) => {
      const running = await start({ cerebra: (await upstream(listener)).url, aegis: (await upstream(healthy())).url });
      const begin = performance.now();
      expect(await view(running)).toMatchObject({
        contexts: [{ status: 'unreachable' }, { status: 'not_running' }, { status: 'ok' }],
      });
      expect(performance.now() - begin).toBeLessThan(3_000);
    },
  );

  it('asks once for many viewers', async () => {
    let asked = 0;
    const cerebra = await upstream((request, response) => {
      asked += 1;
      return healthy()(request, response);
    });
    const running = await start({ cerebra: cerebra.url });
    await Promise.all(Array.from({ length: 50 }, () => view(running)));
    expect(asked).toBeLessThanOrEqual(2);
  });

  it('shows beyond loopback whether each works, and nothing else', async () => {
    const cerebra = await upstream(healthy({ dependencies: { database: { status: 'down', error: 'db.internal' } } }));
    expect(await view(await start({ cerebra: cerebra.url }, { loopback: false }))).toMatchObject({
      contexts: [
        { status: 'ok', version: null, uptime_seconds: null, reason: null, dependencies: {}, docs_url: null },
        { status: 'not_running' },
        { status: 'not_running' },
      ],
    });
  });
});
