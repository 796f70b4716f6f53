import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const FOLDER = join('test', 'fixtures', 'cases', 'economist');

const fault = z.strictObject({ line: z.number(), column: z.string(), code: z.string() });

const charges = z.strictObject({
  where: z.record(z.string(), z.string().nullable()).default({}),
  currency: z.string(),
  billed: z.string(),
  effective: z.string().optional(),
  rows: z.number().optional(),
});

/** What a run has to have brought. */
const afterRun = {
  run: z
    .strictObject({ status: z.string().optional(), accepted: z.number().optional(), rejected: z.number().optional() })
    .optional(),
  rejections: z.array(fault).optional(),
  repairs: z.array(fault).optional(),
  slices: z.enum(['new', 'unchanged', 'replaced']).optional(),
  restatements: z.enum(['0', '>=1']).optional(),
};

const importStep = z.strictObject({
  import: z.string(),
  as: z.string(),
  mapping: z.record(z.string(), z.unknown()).optional(),
  now: z.iso.datetime().optional(),
  charges: z.array(charges).optional(),
  ...afterRun,
});

const expectedFile = z.strictObject({ now: z.iso.datetime().optional(), steps: z.array(importStep).min(1) });

export type Fault = z.output<typeof fault>;
export type ExpectedCharges = z.output<typeof charges>;
export type ImportStep = z.output<typeof importStep>;

/** What users of FinOps tools met, as the README beside the cases describes it. */
export interface FieldCase {
  readonly name: string;
  readonly folder: string;
  readonly now: string | null;
  readonly steps: readonly ImportStep[];
}

export function readCases(): FieldCase[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const folder = join(FOLDER, name);
      const expected = expectedFile.parse(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')));
      return { name, folder, now: expected.now ?? null, steps: expected.steps };
    });
}
