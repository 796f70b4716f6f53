import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ScheduledSyncs } from '../../../src/economist/ingestion/syncs/scheduled-syncs.js';
import { makeDataDirectory } from '../../support/data-directory.js';
import { until } from '../../support/until.js';
import { EconomistFixture, type Reply } from './economist-fixture.js';
import { focusCsv } from './focus-csv.js';
import { ended, importText, ledger } from './imports-fixture.js';

let folder: { path: string; remove(): Promise<void> };
let economist: EconomistFixture;
let replica: EconomistFixture;
beforeAll(async () => {
  folder = await makeDataDirectory();
  const environment = { ECONOMIST_IMPORT_ROOTS: folder.path };
  economist = await EconomistFixture.start({ environment });
  replica = await EconomistFixture.start({ environment, replicaOf: economist });
});
afterAll(async () => {
  await replica.stop();
  await economist.stop();
  await folder.remove();
});
beforeEach(async () => {
  economist.setTime(null);
  await economist.empty();
});

const create = (fields: object): Promise<Reply> =>
  economist.call('POST', '/api/v1/sources', { name: 'bills', type: 'focus-file', ...fields });
const runs = async (): Promise<{ kind: string; source: string }[]> =>
  z
    .object({ runs: z.array(z.object({ kind: z.string(), source: z.string() })) })
    .parse((await economist.call('GET', '/api/v1/runs')).body).runs;

describe('a source', () => {
  it('is made, shown by id and name, changed and deleted', async () => {
    const made = await create({ schedule: '0 6 * * *' });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.any(String),
      name: 'bills',
      type: 'focus-file',
      settings: {},
      has_credentials: false,
      schedule: '0 6 * * *',
      enabled: true,
      next_sync_at: expect.stringMatching(/T06:00:00\.000Z$/),
      last_sync_at: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect((await economist.call('GET', '/api/v1/sources/bills')).body).toEqual(made.body);
    const update = { name: 'invoices', type: 'focus-file', settings: {}, enabled: false };
    const changed = await economist.call('PUT', '/api/v1/sources/bills', update);
    expect(changed.body).toMatchObject({ name: 'invoices', schedule: null, enabled: false, next_sync_at: null });
    expect((await economist.call('GET', '/api/v1/sources')).body).toMatchObject({ total: 1, next_cursor: null });
    expect((await economist.call('DELETE', '/api/v1/sources/invoices')).status).toBe(204);
    expect((await economist.call('GET', '/api/v1/sources/invoices')).status).toBe(404);
    expect((await create({ name: 'invoices' })).status).toBe(201);
  });

  it.each([
    ['another type', { type: 'aws' }, 'type'],
    ['a setting that its type does not have', { settings: { pathh: '/x' } }, 'settings.pathh'],
    ['a custom one without a mapping', { type: 'custom' }, 'settings.mapping'],
    ['a mapping to no column', { type: 'custom', settings: { mapping: { Cost: 'a' } } }, 'settings.mapping.Cost'],
    ['a schedule of six fields', { schedule: '0 0 6 * * *' }, 'schedule'],
    ['a schedule that never comes', { schedule: '0 0 31 2 *' }, 'schedule'],
    ['credentials that its type does not take', { credentials: { key: 'x' } }, 'credentials.key'],
  ])('with %s is refused, and told where', async (_what, fields, path) => {
    const { status, body } = await create(fields);
    expect(status).toBe(422);
    expect(body).toMatchObject({ error: { details: { [path]: expect.any(String) } } });
  });

  it('has a name of its own, and stays of its type', async () => {
    await create({});
    expect((await create({})).status).toBe(409);
    const mapping = { BilledCost: 'c', BillingCurrency: 'u', ChargePeriodStart: 'd' };
    const update = { name: 'bills', type: 'custom', settings: { mapping } };
    expect((await economist.call('PUT', '/api/v1/sources/bills', update)).status).toBe(422);
  });

  it('that has brought charges is deleted only with a word on them', async () => {
    await importText(economist, focusCsv(['1']), { source: 'a' });
    await importText(economist, focusCsv(['2']), { source: 'b' });
    expect((await economist.call('DELETE', '/api/v1/sources/a')).status).toBe(409);
    expect((await economist.call('DELETE', '/api/v1/sources/a?charges=keep')).status).toBe(204);
    expect(await ledger(economist)).toEqual({ rows: 2, billed: '3' });
    expect((await economist.call('DELETE', '/api/v1/sources/b?charges=delete')).status).toBe(204);
    await until(async () => (await ledger(economist)).rows === 1);
    expect(await economist.dataSource.query('SELECT billed FROM economist.daily_costs')).toEqual([{ billed: '1' }]);
  });
});

describe('a source of a folder', () => {
  const bills = (): string => join(folder.path, 'bills');
  beforeEach(async () => {
    await rm(bills(), { recursive: true, force: true });
    await mkdir(join(bills(), '2026-04'), { recursive: true });
    await writeFile(join(bills(), 'a.csv'), focusCsv(['1']));
    await writeFile(join(bills(), 'b.csv'), focusCsv(['2'], { account: 'other' }));
    await writeFile(join(bills(), '2026-04', 'c.csv'), focusCsv(['4'], { month: '2026-04' }));
    await writeFile(join(bills(), 'notes.md'), 'not a report');
  });

  it('is tested, and synced: files of one folder belong together', async () => {
    await create({ settings: { path: bills() } });
    const test = await economist.call('POST', '/api/v1/sources/bills/test');
    expect(test.body).toEqual({
      ok: true,
      checks: [{ name: 'files', ok: true, detail: 'There are 3 files in 2 folders.', latency_ms: expect.any(Number) }],
    });
    const first = await ended(economist, await economist.call('POST', '/api/v1/sources/bills/sync'));
    expect(first).toMatchObject({ kind: 'sync', status: 'completed', accepted_rows: 3 });
    expect(await ledger(economist)).toEqual({ rows: 3, billed: '7' });
    await writeFile(join(bills(), 'b.csv'), focusCsv(['3'], { account: 'other' }));
    const body = { from: '2026-03-01', to: '2026-05-01' };
    const second = await ended(economist, await economist.call('POST', '/api/v1/sources/bills/sync', body));
    expect(second.kind).toBe('backfill');
    expect(Object.fromEntries(second.slices.map(({ key, state }) => [key, state]))).toEqual({
      'acme/2026-03': 'unchanged',
      'other/2026-03': 'replaced',
      'acme/2026-04': 'unchanged',
    });
    expect(await ledger(economist)).toEqual({ rows: 3, billed: '8' });
    expect((await economist.call('GET', '/api/v1/sources/bills')).body).toMatchObject({
      last_sync_at: expect.any(String),
    });
  });

  it.each([
    ['outside of the roots', '/etc'],
    ['that is not there', '/nowhere/at/all'],
  ])('%s is told by its test and fails its run', async (_what, path) => {
    await create({ settings: { path } });
    const test = await economist.call('POST', '/api/v1/sources/bills/test');
    expect(test.body).toMatchObject({ ok: false, checks: [{ name: 'files', ok: false }] });
    const run = await ended(economist, await economist.call('POST', '/api/v1/sources/bills/sync'));
    expect(run).toMatchObject({ status: 'failed', error: { code: 'validation_error' } });
  });

  it('follows no link that leads out', async () => {
    await symlink('/etc/hostname', join(bills(), 'link.csv'));
    await symlink('/etc', join(bills(), 'out'));
    await create({ settings: { path: join(bills(), 'out') } });
    expect((await economist.call('POST', '/api/v1/sources/bills/test')).body).toMatchObject({ ok: false });
    await economist.call('PUT', '/api/v1/sources/bills', {
      name: 'bills',
      type: 'focus-file',
      settings: { path: bills() },
    });
    const run = await ended(economist, await economist.call('POST', '/api/v1/sources/bills/sync'));
    expect(run).toMatchObject({ status: 'completed', accepted_rows: 3, rejected_rows: 0 });
  });

  it('has no such thing as a time that ends before it begins', async () => {
    await create({ settings: { path: bills() } });
    const body = { from: '2026-03-02', to: '2026-03-02' };
    expect((await economist.call('POST', '/api/v1/sources/bills/sync', body)).status).toBe(422);
  });
});

describe('a schedule', () => {
  const look = async (): Promise<void> => {
    const all = [economist, replica].map((each) => each.app.get(ScheduledSyncs, { strict: false }));
    await Promise.all([...all, ...all].map((syncs) => syncs.meetDue()));
  };
  const setTime = (iso: string): void => [economist, replica].forEach((each) => each.setTime(iso));
  afterAll(() => [economist, replica].forEach((each) => each.setTime(null)));

  it('starts one sync for a slot, on all replicas together', async () => {
    setTime('2026-03-01T05:00:00Z');
    await create({ schedule: '0 6 * * *', settings: { path: join(folder.path, 'bills') } });
    await look();
    expect(await runs()).toEqual([]);
    setTime('2026-03-01T06:00:20Z');
    await look();
    await look();
    expect(await runs()).toMatchObject([{ kind: 'sync', source: 'bills' }]);
  });

  it('catches up on slots that nobody was there for with one sync, and holds at once when it is changed', async () => {
    setTime('2026-03-01T05:00:00Z');
    await create({ schedule: '0 6 * * *' });
    setTime('2026-03-04T12:00:00Z');
    await look();
    expect(await runs()).toHaveLength(1);
    await until(async () => (await ledger(economist)).rows >= 0 && (await unfinished()) === 0);
    const update = { name: 'bills', type: 'focus-file', settings: {}, schedule: '0 13 * * *' };
    await economist.call('PUT', '/api/v1/sources/bills', update);
    await look();
    expect(await runs()).toHaveLength(1);
    setTime('2026-03-04T13:00:00Z');
    await look();
    expect(await runs()).toHaveLength(2);
    await economist.call('PUT', '/api/v1/sources/bills', { ...update, enabled: false });
    setTime('2026-03-06T13:00:00Z');
    await look();
    expect(await runs()).toHaveLength(2);
  });

  const unfinished = async (): Promise<number> => {
    const [row]: { count: number }[] = await economist.dataSource.query(
      `SELECT count(*)::int AS count FROM economist.runs WHERE status IN ('queued', 'running')`,
    );
    return row?.count ?? -1;
  };
});
