import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { until } from '../../support/until.js';
import { EconomistFixture } from './economist-fixture.js';
import { focusCsv } from './focus-csv.js';
import { ended, importText, ledger } from './imports-fixture.js';

let economist: EconomistFixture;
beforeAll(async () => (economist = await EconomistFixture.start()));
afterAll(() => economist.stop());
beforeEach(() => economist.empty());

const table = async (name: string): Promise<number> => {
  const [row]: { rows: number }[] = await economist.dataSource.query(`SELECT count(*)::int AS rows FROM ${name}`);
  return row?.rows ?? -1;
};
const sums = (): Promise<unknown> =>
  economist.dataSource.query(
    'SELECT day::text, service_name, billed, charges FROM economist.daily_costs JOIN economist.cost_groups AS g ON g.id = group_id ORDER BY day',
  );

describe('an uploaded file', () => {
  it('is charges and sums once its run is over', async () => {
    const run = await importText(economist, focusCsv(['1.10', '2.20', '0.000000000000000001']));
    expect(run).toMatchObject({
      source: 'upload',
      kind: 'import',
      status: 'completed',
      accepted_rows: 3,
      rejected_rows: 0,
      progress: { rows: 3, percent: 100 },
      slices: [
        {
          key: 'acme/2026-03',
          period: '2026-03',
          rows: 3,
          state: 'new',
          costs: [{ currency: 'USD', billed: '3.300000000000000001', effective: '3.300000000000000001' }],
        },
      ],
      error: null,
    });
    expect(await ledger(economist)).toEqual({ rows: 3, billed: '3.300000000000000001' });
    expect(await table('economist.daily_costs')).toBe(3);
  });

  it('changes nothing when it comes again, whatever it is called and whatever came in between', async () => {
    const [march, april] = [focusCsv(['1', '2']), focusCsv(['5'], { month: '2026-04' })];
    await importText(economist, march);
    await importText(economist, april);
    const before = await sums();
    const again = await importText(economist, march, { name: 'another name.csv' });
    expect(again).toMatchObject({ status: 'completed', accepted_rows: 2, progress: { rows: 2, percent: 100 } });
    expect(again.slices).toMatchObject([{ state: 'unchanged', rows: 2, costs: [{ billed: '3' }] }]);
    expect(await ledger(economist)).toEqual({ rows: 3, billed: '8' });
    expect(await sums()).toEqual(before);
    expect(await table('economist.restatements')).toBe(0);
  });

  it('is known by its rows too, where its bytes are others', async () => {
    await importText(economist, focusCsv(['1', '2']));
    const [heading, ...rows] = focusCsv(['1', '2']).trim().split('\n');
    const again = await importText(economist, [heading, ...rows.toReversed(), ''].join('\n'));
    expect(again.slices).toMatchObject([{ state: 'unchanged' }]);
    expect(await table('economist.slices')).toBe(1);
  });

  it('replaces the slice when it is corrected, and shows one restatement', async () => {
    await importText(economist, focusCsv(['1', '2']));
    const corrected = await importText(economist, focusCsv(['1', '2', '0.50']));
    expect(corrected.slices).toMatchObject([{ state: 'replaced', rows: 3, costs: [{ billed: '3.50' }] }]);
    expect(await ledger(economist)).toEqual({ rows: 3, billed: '3.50' });
    const { body } = await economist.call('GET', '/api/v1/restatements?source=upload&period=2026-03');
    expect(body).toEqual({
      restatements: [
        {
          id: expect.any(String),
          source_id: expect.any(String),
          source: 'upload',
          billing_account: 'acme',
          period: '2026-03',
          currency: 'USD',
          old_cost: 3,
          old_cost_exact: '3',
          new_cost: 3.5,
          new_cost_exact: '3.50',
          delta: 0.5,
          delta_exact: '0.5',
          run_id: corrected.id,
          detected_at: expect.any(String),
        },
      ],
      next_cursor: null,
    });
    // What was there before is another file now: it comes back as a change, and not as something known.
    const back = await importText(economist, focusCsv(['1', '2']));
    expect(back.slices).toMatchObject([{ state: 'replaced' }]);
    expect(await ledger(economist)).toEqual({ rows: 2, billed: '3' });
  });

  it('is another slice for each account and month, also for rows without an account', async () => {
    const [heading, row] = focusCsv(['1']).split('\n');
    const content = [heading, row, row?.replace('acme', ''), row?.replace('acme', 'other'), ''].join('\n');
    const run = await importText(economist, content);
    expect(run.slices.map(({ key }) => key).sort()).toEqual(['(none)/2026-03', 'acme/2026-03', 'other/2026-03']);
    expect(await ledger(economist)).toEqual({ rows: 3, billed: '3' });
    const again = await importText(economist, content.replace('other', 'third'));
    expect(Object.fromEntries(again.slices.map(({ key, state }) => [key, state]))).toEqual({
      '(none)/2026-03': 'unchanged',
      'acme/2026-03': 'unchanged',
      'third/2026-03': 'new',
    });
  });

  it('tells each bad row, page by page, also when it is known already', async () => {
    const content = focusCsv(['1', 'x', '2', 'y', 'z']);
    for (const run of [await importText(economist, content), await importText(economist, content)]) {
      expect(run).toMatchObject({ status: 'completed_with_rejections', accepted_rows: 2, rejected_rows: 3 });
      const page = z.object({
        rejections: z.array(z.looseObject({ line: z.number() })),
        next_cursor: z.string().nullable(),
      });
      const url = `/api/v1/runs/${run.id}/rejections?limit=2`;
      const first = page.parse((await economist.call('GET', url)).body);
      const second = page.parse((await economist.call('GET', `${url}&cursor=${first.next_cursor}`)).body);
      expect([...first.rejections, ...second.rejections].map(({ line }) => line)).toEqual([3, 5, 6]);
      expect(first.rejections[0]).toEqual({
        file: 'charges.csv',
        line: 3,
        column: 'BilledCost',
        code: 'not_a_decimal',
        reason: expect.any(String),
        value: 'x',
      });
      expect(second.next_cursor).toBeNull();
    }
  });

  it('is read by a mapping that comes with it, and by the one that its source has saved', async () => {
    const mapping = {
      BilledCost: 'cost',
      BillingCurrency: { const: 'EUR' },
      ChargePeriodStart: { column: 'day', format: 'DD/MM/YYYY' },
    };
    const first = await importText(economist, 'day,cost\n02/03/2026,1.5\n', { source: 'own', mapping });
    expect(first.slices).toMatchObject([{ period: '2026-03', costs: [{ currency: 'EUR', billed: '1.5' }] }]);
    const second = await importText(economist, 'day,cost\n02/04/2026,2\n', { source: 'own' });
    expect(second.slices).toMatchObject([{ period: '2026-04', costs: [{ currency: 'EUR', billed: '2' }] }]);
    expect((await economist.call('GET', '/api/v1/sources/own')).body).toMatchObject({
      type: 'custom',
      settings: { mapping },
    });
  });

  it('leaves nothing behind on the way: no upload, no staged rows, no folder', async () => {
    await importText(economist, focusCsv(['1']));
    expect(await table('economist.uploads')).toBe(0);
    expect(await table('economist.upload_chunks')).toBe(0);
    expect(await table(`pg_tables WHERE tablename LIKE 'staged_%'`)).toBe(0);
  });

  it('that cannot be read fails its run, which says why, and leaves the ledger as it was', async () => {
    await importText(economist, focusCsv(['1']));
    const failed = await importText(economist, Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), { name: 'broken.csv.gz' });
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'file_unreadable' }, slices: [] });
    expect(await ledger(economist)).toEqual({ rows: 1, billed: '1' });
  });

  it('that cannot be read is in the log, with the code of its error', async () => {
    const { id } = await importText(economist, Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), { name: 'broken.csv.gz' });
    const line = (): string | undefined =>
      economist.log.find((one) => one.includes(`"run":"${id}"`) && one.includes('A run is over.'));
    await until(() => line() !== undefined);
    expect(JSON.parse(line() ?? '')).toMatchObject({ status: 'failed', code: 'file_unreadable' });
  });

  it('is taken once for one Idempotency-Key, and another file under that key is refused', async () => {
    const send = (content: string) => {
      const form = new FormData();
      form.set('file', new Blob([content]), 'a.csv');
      return economist.call('POST', '/api/v1/imports', form, { 'idempotency-key': 'same' });
    };
    const [first, second] = [await send(focusCsv(['1'])), await send(focusCsv(['1']))];
    await ended(economist, first);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect((await send(focusCsv(['2']))).status).toBe(422);
    expect(await table('economist.runs')).toBe(1);
  });
});

describe('a request to import', () => {
  it.each([
    ['nothing', {}, 'file'],
    ['two things', { path: '/a', url: 'https://a.example/' }, 'file'],
    ['a file in JSON', { file: 'a' }, 'file'],
    ['a mapping without costs', { path: '/a', mapping: { BillingCurrency: 'c' } }, 'mapping.BilledCost'],
    ['no mapping at all', { path: '/a', mapping: 'x' }, 'mapping'],
  ])('for %s is refused', async (_what, body, path) => {
    const { status, body: reply } = await economist.call('POST', '/api/v1/imports', body);
    expect(status).toBe(422);
    expect(reply).toMatchObject({ error: { code: 'validation_error', details: { [path]: expect.any(String) } } });
  });

  it('as a form is for endpoints that take files', async () => {
    const form = new FormData();
    form.set('name', 'x');
    const { status, body } = await economist.call('POST', '/api/v1/sources', form);
    expect(status).toBe(415);
    expect(body).toMatchObject({ error: { code: 'unsupported_media_type' } });
  });
});
