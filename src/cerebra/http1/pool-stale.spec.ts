import { afterEach, describe, expect, it } from '@jest/globals';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { ClosingServer } from '../../../test/support/http1/closing-server.js';
import { Heard } from '../../../test/support/http1/heard.js';
import { Http1Pool } from './pool.js';

let server: ClosingServer;
let pool: Http1Pool;

afterEach(async () => {
  await pool.close();
  await server.stop();
});

function send(path: string): Heard {
  const heard = new Heard();
  pool.send({ method: 'POST', path, headers: [], body: Buffer.from('{}') }, heard);
  return heard;
}

async function start(): Promise<void> {
  server = await ClosingServer.start();
  pool = new Http1Pool({ origin: server.origin, timeoutMs: 5_000 });
}

/** One call, so that there is an idle connection. */
async function warm(): Promise<void> {
  await start();
  await send('/1').outcome;
  await turn();
}

describe('a kept connection that the provider closes', () => {
  it.each(['close', 'reset'] as const)(
    'before the call is made (%s): the call goes out on a fresh one, once',
    async (how) => {
      await warm();
      // A timer's turn, with what the sockets have to say still to be heard.
      await sleep(1);
      server.closeNow(how);
      const second = send('/2');
      expect(await second.outcome).toBe('ended');
      expect(server.seen('/2')).toBe(1);
    },
  );

  it('by a reset, just before the first byte: the system takes none, so the call goes out on a fresh one, once', async () => {
    await warm();
    // In the same turn as the write, and before it: nothing can be heard in between.
    setImmediate(() => server.closeNow('reset'));
    const second = send('/2');
    expect(await second.outcome).toBe('ended');
    expect(server.seen('/2')).toBe(1);
  });

  it('in an orderly way, just before the first byte: the bytes are gone, so the call is cut and not sent again', async () => {
    await warm();
    setImmediate(() => server.closeNow('close'));
    const second = send('/2');
    expect(await second.outcome).toBe('cut');
    expect(server.seen('/2')).toBe(0);
    expect(await send('/3').outcome).toBe('ended');
  });

  it('at any moment: no call arrives twice, and none is lost that is said to be unsent or answered', async () => {
    await start();
    server.closeAfterEach();
    const outcomes = new Map<string, string>();
    for (let i = 1; i <= 400; i++) {
      const path = `/${i}`;
      const heard = send(path);
      outcomes.set(path, await heard.outcome);
      if (outcomes.get(path) === 'ended') expect(heard.body.toString()).toBe(path);
      // Now at once, now some turns later, so that the close falls before, on and after the next call.
      for (let turns = 0; turns < i % 5; turns++) await turn();
      if (i % 7 === 0) await sleep(i % 4);
    }
    for (const [path, outcome] of outcomes) {
      const times = server.seen(path);
      if (outcome === 'ended') expect([path, times]).toEqual([path, 1]);
      else if (outcome === 'unreachable') expect([path, times]).toEqual([path, 0]);
      else expect([path, Math.min(times, 1)]).toEqual([path, times]);
    }
    expect([...outcomes.values()].filter((outcome) => outcome === 'ended').length).toBeGreaterThan(300);
  });
});
