import { expect } from '@jest/globals';
import { join } from 'node:path';
import { z } from 'zod';
import type { EconomistFixture } from '../economist-fixture.js';
import { importFile, type Run } from '../imports-fixture.js';
import type { Fault, ImportStep } from './field-case.js';
import { expectCharges } from './ledger-charges.js';

const rows = z.array(z.object({ line: z.number(), column: z.string().nullable(), code: z.string() }));

/** Uploads a file, and looks at what its run brought. */
export async function doImport(economist: EconomistFixture, folder: string, step: ImportStep): Promise<void> {
  const before = await countRestatements(economist);
  const run = await importFile(economist, join(folder, step.import), { source: step.as, mapping: step.mapping });
  expectRun(run, step);
  if (step.rejections !== undefined) expect(await reported(economist, run.id, 'rejections')).toEqual(step.rejections);
  if (step.repairs !== undefined) {
    expect(await reported(economist, run.id, 'repairs')).toEqual(expect.arrayContaining(step.repairs));
  }
  const restated = (await countRestatements(economist)) - before;
  if (step.restatements === '0') expect(restated).toBe(0);
  if (step.restatements === '>=1') expect(restated).toBeGreaterThanOrEqual(1);
  if (step.charges !== undefined) await expectCharges(economist.dataSource, step.charges);
}

function expectRun(run: Run, { run: expected, slices }: ImportStep): void {
  const { status = run.status, accepted = run.accepted_rows, rejected = run.rejected_rows } = expected ?? {};
  expect(run).toMatchObject({ status, accepted_rows: accepted, rejected_rows: rejected, error: null });
  const states = run.slices.map(({ state }) => state);
  if (slices === 'replaced') expect(states).toContain('replaced');
  else if (slices !== undefined) expect(states.filter((state) => state !== slices)).toEqual([]);
  expect(states.length).toBeGreaterThan(0);
}

async function reported(economist: EconomistFixture, runId: string, kind: 'rejections' | 'repairs'): Promise<Fault[]> {
  const { body } = await economist.call('GET', `/api/v1/runs/${runId}/${kind}`);
  const found = z.record(z.string(), z.unknown()).parse(body)[kind];
  return rows.parse(found).map(({ line, column, code }) => ({ line, column: column ?? '', code }));
}

async function countRestatements(economist: EconomistFixture): Promise<number> {
  const { body } = await economist.call('GET', '/api/v1/restatements?limit=1000');
  return z.object({ restatements: z.array(z.unknown()) }).parse(body).restatements.length;
}
