import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { pino } from 'pino';
import type { ContextRun, Ending, RunEvents } from './context-run.js';
import { StandIn } from './stand-in.js';
import { SupervisedContext } from './supervised-context.js';
import { Supervisor } from './supervisor.js';

const log = pino({ level: 'silent' });

/** A run whose fate the test decides. */
class FakeRun implements ContextRun {
  readonly end = Promise.withResolvers<Ending>();
  readonly ended = this.end.promise;
  terminated = false;

  constructor(
    readonly events: RunEvents,
    private readonly obeys: boolean,
  ) {}

  async becomeReady(): Promise<void> {
    await this.events.releasePort();
    this.events.ready(1);
  }
  fall(summary = 'it fell'): void {
    this.end.resolve({ kind: 'failed', summary });
  }
  stop(): void {
    if (this.obeys) this.end.resolve({ kind: 'stopped' });
  }
  terminate(): void {
    this.terminated = true;
    this.end.resolve({ kind: 'failed', summary: 'it was ended' });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await once(server.close(), 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A supervisor over contexts of these names, and the runs that it starts, one after another. */
async function house(names: readonly string[], options: { strict?: boolean; obeys?: boolean; delayMs?: number } = {}) {
  const runs: { name: string; run: FakeRun }[] = [];
  const waiting: (() => void)[] = [];
  const ports = await Promise.all(names.map(() => freePort()));
  const supervisor = new Supervisor(
    (onFall) =>
      names.map((name, index) => {
        const startRun = (events: RunEvents): FakeRun => {
          const run = new FakeRun(events, options.obeys ?? true);
          runs.push({ name, run });
          waiting.shift()?.();
          return run;
        };
        const standIn = new StandIn(ports[index] ?? 0, '127.0.0.1');
        return new SupervisedContext({
          name,
          startRun,
          standIn,
          onFall,
          log,
          delayMs: () => options.delayMs ?? 2,
          closingMarginMs: 50,
        });
      }),
    options.strict ?? false,
    log,
  );
  /** The run that is started as the `count`th. */
  const nth = async (count: number): Promise<FakeRun> => {
    while (runs.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    const run = runs[count - 1]?.run;
    if (run === undefined) throw new Error('no such run');
    return run;
  };
  opened.push(supervisor);
  return { supervisor, nth, ports, runs };
}

const opened: Supervisor[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((supervisor) => supervisor.stop(0).catch(() => undefined)));
});

const answers = async (port: number | undefined): Promise<number | 'refused'> =>
  fetch(`http://127.0.0.1:${port}/health`).then(
    ({ status }) => status,
    () => 'refused',
  );

describe('a supervised context', () => {
  it('is started again when it falls; until the next one has built itself, the stand-in answers', async () => {
    const { supervisor, nth, ports } = await house(['economist']);
    const started = supervisor.start();
    const first = await nth(1);
    await first.becomeReady();
    await started;
    expect(supervisor.ready).toEqual(['economist']);

    first.fall();
    const second = await nth(2);
    expect(supervisor.ready).toEqual([]);
    expect(await answers(ports[0])).toBe(503);
    await second.becomeReady();
    expect(await answers(ports[0])).toBe('refused');
    expect(supervisor.ready).toEqual(['economist']);
  });

  it('counts as started when its first start fails, so that the others do not wait for it', async () => {
    const { supervisor, nth } = await house(['cerebra', 'aegis']);
    const started = supervisor.start();
    (await nth(1)).fall();
    await (await nth(2)).becomeReady();
    await started;
    expect(supervisor.ready).toEqual(['aegis']);
  });

  it('is cut off and named when it does not stop by the deadline', async () => {
    const { supervisor, nth } = await house(['cerebra'], { obeys: false });
    const started = supervisor.start();
    const run = await nth(1);
    await run.becomeReady();
    await started;
    await expect(supervisor.stop(0)).rejects.toThrow('cerebra: it did not stop in time');
    expect(run.terminated).toBe(true);
  });

  it('is named as well when it breaks while it stops', async () => {
    const { supervisor, nth } = await house(['cerebra'], { obeys: false });
    const started = supervisor.start();
    const run = await nth(1);
    await run.becomeReady();
    await started;
    const stopped = supervisor.stop(60_000);
    run.fall('its heap was full');
    await expect(stopped).rejects.toThrow('cerebra: its heap was full');
  });

  it('is not started again once it was told to stop, also in the middle of a pause', async () => {
    const { supervisor, nth, runs, ports } = await house(['cerebra'], { delayMs: 60_000 });
    const started = supervisor.start();
    (await nth(1)).fall();
    await started;
    await supervisor.stop(0);
    expect(await answers(ports[0])).toBe('refused');
    expect(runs).toHaveLength(1);
  });
});

describe('a stop while a context is starting again', () => {
  it('gives the port back that the stand-in holds', async () => {
    const { supervisor, nth, ports } = await house(['cerebra']);
    const started = supervisor.start();
    (await nth(1)).fall();
    await started;
    await nth(2);
    expect(await answers(ports[0])).toBe(503);
    await supervisor.stop(0);
    expect(await answers(ports[0])).toBe('refused');
  });
});

describe('the supervisor', () => {
  it('gives up at the first fall where OCO_STRICT is set, and says which context it was', async () => {
    const { supervisor, nth } = await house(['cerebra', 'aegis'], { strict: true });
    const started = supervisor.start();
    await (await nth(1)).becomeReady();
    (await nth(2)).fall();
    await expect(started).rejects.toThrow('aegis failed');
    expect(await supervisor.surrender).toBe('aegis failed, and OCO_STRICT is set');
  });

  it('gives up when no context could be started in five attempts, and not while one serves', async () => {
    const { supervisor, nth } = await house(['cerebra', 'aegis']);
    void supervisor.start();
    let gaveUp = false;
    const surrender = supervisor.surrender.then((reason) => {
      gaveUp = true;
      return reason;
    });
    const cerebra = await nth(1);
    await cerebra.becomeReady();
    for (let count = 2; count <= 6; count += 1) (await nth(count)).fall();
    await nth(7);
    expect(gaveUp).toBe(false);
    cerebra.fall();
    for (let count = 8; count <= 12; count += 1) (await nth(count)).fall();
    expect(await surrender).toBe('no context could be started in 5 attempts');
  });
});
