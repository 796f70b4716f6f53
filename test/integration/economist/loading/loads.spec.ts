import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import type { FilePart, FocusRow, RowsPart } from '../../../../src/economist/sources/cost-source.js';
import { joinDigests } from '../../../../src/economist/ingestion/loading/slice-digest.js';
import { FOCUS, LoadingFixture, localFile } from './loading-fixture.js';

const HEADING = 'BillingAccountId,BillingCurrency,BilledCost,ChargePeriodStart';
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, n) => `acme,USD,${from + n},2026-03-02T10:00:00Z\n`).join('');

const rowsPart = (batches: () => AsyncIterable<readonly FocusRow[]>): RowsPart => ({
  kind: 'rows',
  name: 'api',
  batches,
});

const FOCUS_ROW: FocusRow = {
  BillingAccountId: 'acme',
  BillingCurrency: 'USD',
  BilledCost: '1.5',
  ChargePeriodStart: '2026-03-02T00:00:00Z',
};

describe('loading a part', () => {
  let loading: LoadingFixture;
  beforeAll(async () => (loading = await LoadingFixture.start()));
  afterAll(() => loading.stop());

  it('again for the same run replaces what it had staged and reported, and has the same digest', async () => {
    const again = { runId: 'again', key: 'one' };
    const first = await loading.loadCsv(`${HEADING}\n${lines(0, 10)}acme,USD,x,2026-03-02\n`, again);
    const second = await loading.loadCsv(`${HEADING}\n${lines(0, 10)}acme,USD,x,2026-03-02\n`, again);
    expect(second).toEqual(first);
    expect(second.rejections).toHaveLength(1);
    expect(await loading.value(second, 'count(*) OVER ()')).toBe('10');
  });

  it('has a digest that ignores the order of rows and how they are spread over parts', async () => {
    const whole = await loading.loadCsv(`${HEADING}\n${lines(0, 20)}`);
    const turned = await loading.loadCsv(`${HEADING}\n${lines(10, 20)}${lines(0, 10)}`);
    const parts = [
      await loading.loadCsv(`${HEADING}\n${lines(0, 7)}`),
      await loading.loadCsv(`${HEADING}\n${lines(7, 20)}`),
    ];
    expect(turned.slices).toEqual(whole.slices);
    expect(joinDigests(parts.flatMap(({ slices }) => slices.map(({ digest }) => digest)))).toBe(
      whole.slices[0]?.digest,
    );
    const other = await loading.loadCsv(`${HEADING}\n${lines(0, 19)}acme,USD,19.01,2026-03-02T10:00:00Z\n`);
    expect(other.slices[0]?.digest).not.toBe(whole.slices[0]?.digest);
  });

  it('has the same digest where the columns stand in another order', async () => {
    const one = await loading.loadCsv(
      'BillingCurrency,BilledCost,ChargePeriodStart,ServiceName\nUSD,1,2026-03-02,S3\n',
    );
    const other = await loading.loadCsv(
      'ServiceName,ChargePeriodStart,BilledCost,BillingCurrency\nS3,2026-03-02,1,USD\n',
    );
    expect(other.slices).toEqual(one.slices);
  });

  it('ends at once when it is aborted, leaves nothing behind, and can be begun again', async () => {
    const abort = new AbortController();
    const part: FilePart = {
      ...localFile('endless', 'csv'),
      open: async () => ({ stream: Readable.from(endless(), { objectMode: false }) }),
    };
    const before = await loading.stagedTables();
    const load = loading.load(part, {
      runId: 'aborted',
      key: 'endless',
      signal: abort.signal,
      onProgress: ({ rows }) => {
        if (rows > 1_000) abort.abort(new Error('cancelled by a user'));
      },
    });
    await expect(load).rejects.toThrow('cancelled by a user');
    expect(await loading.stagedTables()).toBe(before);
    const loaded = await loading.loadCsv(`${HEADING}\n${lines(0, 3)}`, { runId: 'aborted', key: 'endless' });
    expect(loaded.accepted).toBe(3);
  });

  it('waits for a process, and is given up while it waits when it is aborted', async () => {
    const gate = Promise.withResolvers<void>();
    const slow = loading.load(
      rowsPart(async function* () {
        await gate.promise;
        yield [FOCUS_ROW];
      }),
    );
    const abort = new AbortController();
    const waiting = loading.loadCsv(`${HEADING}\n${lines(0, 1)}`, { signal: abort.signal });
    const next = loading.loadCsv(`${HEADING}\n${lines(0, 2)}`);
    abort.abort(new Error('no longer wanted'));
    await expect(waiting).rejects.toThrow('no longer wanted');
    gate.resolve();
    expect(await slow).toMatchObject({ accepted: 1 });
    expect(await next).toMatchObject({ accepted: 2 });
  });

  it('takes rows of an API, with their own columns', async () => {
    const loaded = await loading.load(
      rowsPart(async function* () {
        yield [
          FOCUS_ROW,
          { ...FOCUS_ROW, BilledCost: '2.50', x_estimated: 'true', x_note: 'a "b"\0', Tags: '{"team":"a"}' },
        ];
        yield [
          { ...FOCUS_ROW, BilledCost: '3', ServiceName: 'ü', BillingAccountId: null },
          { ...FOCUS_ROW, BilledCost: null },
        ];
      }),
    );
    expect(loaded).toMatchObject({ accepted: 3, rejected: 1 });
    expect(loaded.rejections).toEqual([{ line: 4, column: 'BilledCost', code: 'missing_required' }]);
    expect(await loading.values(loaded, 'extras')).toEqual([
      '{}',
      '{"x_note": "a \\"b\\"", "x_estimated": "true"}',
      '{}',
    ]);
    expect(await loading.values(loaded, 'service_name')).toEqual([null, null, 'ü']);
  });

  it('takes a stream, and reads it anew as often as it needs', async () => {
    const content = `${HEADING}\n${lines(0, 5_000)}`;
    let opened = 0;
    const part: FilePart = {
      ...localFile('stream', 'csv'),
      open: async () => {
        opened += 1;
        return { stream: Readable.from([Buffer.from(content)]) };
      },
    };
    expect(await loading.load(part)).toMatchObject({ accepted: 5_000 });
    expect(opened).toBeGreaterThan(1);
  });

  it('fails with the error of its source', async () => {
    const part = rowsPart(async function* () {
      yield [FOCUS_ROW];
      throw new Error('the provider said no');
    });
    await expect(loading.load(part)).rejects.toThrow('the provider said no');
    expect(await loading.loadCsv(`${HEADING}\n${lines(0, 1)}`)).toMatchObject({ accepted: 1 });
  });

  it.each([
    ['rows', (asked: () => void) => rowsPart(() => hangs(asked))],
    [
      'bytes',
      (asked: () => void) => ({
        ...localFile('hangs', 'csv'),
        open: async () => ({ stream: new Readable({ read: asked }) }),
      }),
    ],
  ] as const)('ends when it is aborted while %s never come', async (_, partOf) => {
    const asked = Promise.withResolvers<void>();
    const abort = new AbortController();
    const load = loading.load(partOf(asked.resolve), { signal: abort.signal });
    await asked.promise;
    abort.abort(new Error('enough'));
    await expect(load).rejects.toThrow('enough');
  });

  it('tells how far it is, in rows and in bytes of the file', async () => {
    const content = `${HEADING}\n${lines(0, 60_000)}`;
    const told: { rows: number; bytes: number }[] = [];
    await loading.loadCsv(content, { onProgress: (progress) => told.push(progress) });
    expect(told.length).toBeGreaterThan(0);
    for (const { rows, bytes } of told) {
      expect(rows).toBeGreaterThan(0);
      expect(bytes).toBeGreaterThan(0);
      expect(bytes).toBeLessThanOrEqual(content.length);
    }
  });

  it('is not begun once the run is cancelled', async () => {
    const load = loading.load(localFile('never', 'csv', FOCUS), { signal: AbortSignal.abort(new Error('too late')) });
    await expect(load).rejects.toThrow('too late');
  });
});

async function* hangs(asked: () => void): AsyncGenerator<readonly FocusRow[]> {
  yield [FOCUS_ROW];
  asked();
  await new Promise(() => undefined);
}

async function* endless(): AsyncGenerator<Buffer> {
  yield Buffer.from(`${HEADING}\nacme,USD,0.5,2026-03-02\n`);
  for (;;) yield Buffer.from(lines(0, 1_000));
}
