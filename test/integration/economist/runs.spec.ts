import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { until } from '../../support/until.js';
import { EconomistFixture } from './economist-fixture.js';
import { focusCsv } from './focus-csv.js';
import { ended, ledger, run, upload } from './imports-fixture.js';
import { readEvents } from './run-event-stream.js';

let economist: EconomistFixture;
let replica: EconomistFixture;
beforeAll(async () => {
  economist = await EconomistFixture.start();
  replica = await EconomistFixture.start({ replicaOf: economist });
});
afterAll(async () => {
  await replica.stop();
  await economist.stop();
});
beforeEach(() => economist.empty());

const costs = (rows: number): string[] => Array.from({ length: rows }, (_, index) => `${index % 100}.25`);
const LARGE = focusCsv(costs(150_000));

const idOf = (body: unknown): string => run.parse(body).id;
const get = async (id: string, from = economist) => run.parse((await from.call('GET', `/api/v1/runs/${id}`)).body);

async function untilRunning(id: string): Promise<void> {
  await until(async () => (await get(id)).status === 'running');
}

describe('runs of one source', () => {
  it('are worked on one at a time, the oldest first, by whichever replica', async () => {
    const months = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05'];
    const started = [];
    for (const [index, month] of months.entries()) {
      started.push(await upload(index % 2 === 0 ? economist : replica, focusCsv(costs(2_000), { month })));
    }
    const runs = await Promise.all(started.map((reply) => ended(economist, reply)));
    const times = runs.map((one) => z.object({ started_at: z.string(), completed_at: z.string() }).parse(one));
    for (const [index, { started_at: begins }] of times.entries()) {
      if (index > 0)
        expect(Date.parse(begins)).toBeGreaterThanOrEqual(Date.parse(times[index - 1]?.completed_at ?? ''));
    }
    expect(await ledger(economist)).toMatchObject({ rows: 10_000 });
    const { body } = await economist.call('GET', '/api/v1/runs?source=upload&limit=2');
    const page = z.object({ runs: z.array(z.object({ id: z.string() })), next_cursor: z.string() }).parse(body);
    expect(page.runs.map(({ id }) => id)).toEqual([runs[4]?.id, runs[3]?.id]);
  });
});

describe('a cancelled run', () => {
  it('that is at work ends, and the ledger stays as it was', async () => {
    const id = idOf((await upload(economist, LARGE)).body);
    await untilRunning(id);
    const { status } = await replica.call('POST', `/api/v1/runs/${id}/cancel`);
    expect(status).toBe(202);
    await until(async () => (await get(id)).status === 'cancelled');
    expect(await get(id)).toMatchObject({ slices: [], error: null });
    expect(await ledger(economist)).toEqual({ rows: 0, billed: null });
    expect((await economist.call('POST', `/api/v1/runs/${id}/cancel`)).status).toBe(202);
  });

  it('that waits never begins, and the one after it does', async () => {
    const first = await upload(economist, LARGE);
    const second = await upload(economist, focusCsv(['1'], { month: '2026-04' }));
    const third = await upload(economist, focusCsv(['2'], { month: '2026-05' }));
    const cancelled = await economist.call('POST', `/api/v1/runs/${idOf(second.body)}/cancel`);
    expect(cancelled.body).toMatchObject({ status: 'cancelled', started_at: null });
    await ended(economist, first);
    await ended(economist, third);
    expect(await ledger(economist)).toMatchObject({ rows: 150_001 });
  });

  it('cannot be one that is over', async () => {
    const { id } = await ended(economist, await upload(economist, focusCsv(['1'])));
    expect((await economist.call('POST', `/api/v1/runs/${id}/cancel`)).status).toBe(409);
    expect((await economist.call('POST', '/api/v1/runs/unknown/cancel')).status).toBe(404);
  });
});

describe('the events of a run', () => {
  it('tell each state once, then that it is done, on a replica that does not work on it too', async () => {
    const id = idOf((await upload(economist, LARGE)).body);
    const events = await readEvents(replica, id);
    const revisions = events.map(({ id: position }) => Number.parseInt(position, 10));
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
    expect(new Set(events.map(({ id: position }) => position)).size).toBe(events.length);
    expect(events.slice(0, -1).every(({ name }) => name === 'progress')).toBe(true);
    expect(events.length).toBeGreaterThanOrEqual(3);
    expect(events.at(-1)).toMatchObject({ name: 'done', data: { status: 'completed', accepted_rows: 150_000 } });
  });

  it('go on after the last one that was seen, with nothing twice, and end for good', async () => {
    const { id } = await ended(economist, await upload(economist, focusCsv(['1'])));
    const late = await readEvents(economist, id);
    expect(late.map(({ name }) => name)).toEqual(['progress', 'done']);
    const [seen, last] = late.map((event) => event.id);
    expect((await readEvents(economist, id, seen)).map(({ name }) => name)).toEqual(['done']);
    const { status } = await economist.call('GET', `/api/v1/runs/${id}/events`, undefined, { 'last-event-id': last });
    expect(status).toBe(204);
    expect((await readEvents(economist, id, 'nonsense')).map(({ name }) => name)).toEqual(['progress', 'done']);
    expect((await economist.call('GET', '/api/v1/runs/unknown/events')).status).toBe(404);
  });

  it('end when the process takes no more connections: the client goes on elsewhere', async () => {
    const third = await EconomistFixture.start({ replicaOf: economist, environment: { ECONOMIST_ROLE: 'api' } });
    const id = idOf((await upload(economist, LARGE)).body);
    const events = readEvents(third, id);
    await untilRunning(id);
    await third.stop();
    expect((await events).every(({ name }) => name === 'progress')).toBe(true);
    await economist.call('POST', `/api/v1/runs/${id}/cancel`);
    await until(async () => (await get(id)).status === 'cancelled');
  });
});
