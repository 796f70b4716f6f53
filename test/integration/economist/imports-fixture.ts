import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { until } from '../../support/until.js';
import type { EconomistFixture, Reply } from './economist-fixture.js';

export const run = z.looseObject({
  id: z.string(),
  source: z.string(),
  status: z.string(),
  progress: z.object({ rows: z.number(), bytes: z.number(), percent: z.number().nullable() }),
  accepted_rows: z.number(),
  repaired_rows: z.number(),
  rejected_rows: z.number(),
  slices: z.array(
    z.looseObject({
      key: z.string(),
      period: z.string(),
      rows: z.number(),
      state: z.string(),
      costs: z.array(z.object({ currency: z.string(), billed: z.string(), effective: z.string() })),
    }),
  ),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type Run = z.output<typeof run>;

export interface UploadFields {
  readonly source?: string;
  readonly mapping?: object;
  readonly name?: string;
}

/** Sends a file as a form. */
export function upload(
  economist: EconomistFixture,
  content: string | Buffer,
  fields: UploadFields = {},
): Promise<Reply> {
  const form = new FormData();
  if (fields.source !== undefined) form.set('source', fields.source);
  if (fields.mapping !== undefined) form.set('mapping', JSON.stringify(fields.mapping));
  form.set('file', new Blob([new Uint8Array(Buffer.from(content))]), fields.name ?? 'charges.csv');
  return economist.call('POST', '/api/v1/imports', form);
}

/** @returns the run once it is over */
export async function ended(economist: EconomistFixture, started: Reply, withinMs = 20_000): Promise<Run> {
  if (started.status !== 202) throw new Error(`Not started: ${JSON.stringify(started.body)}`);
  const { id } = run.parse(started.body);
  let now: Run | null = null;
  await until(
    async () => {
      now = run.parse((await economist.call('GET', `/api/v1/runs/${id}`)).body);
      return now.status !== 'queued' && now.status !== 'running';
    },
    withinMs,
    () => JSON.stringify(now),
  );
  if (now === null) throw new Error('There was no run to look at.');
  return now;
}

export async function importText(
  economist: EconomistFixture,
  content: string | Buffer,
  fields: UploadFields = {},
): Promise<Run> {
  return ended(economist, await upload(economist, content, fields));
}

export async function importFile(economist: EconomistFixture, path: string, fields: UploadFields = {}): Promise<Run> {
  return importText(economist, await readFile(path), { name: basename(path), ...fields });
}

/** What is in the ledger, as exact text. */
export async function ledger(economist: EconomistFixture): Promise<{ rows: number; billed: string | null }> {
  const [row]: { rows: number; billed: string | null }[] = await economist.dataSource.query(
    'SELECT count(*)::int AS rows, sum(billed_cost)::text AS billed FROM economist.charges',
  );
  return row ?? { rows: -1, billed: null };
}
