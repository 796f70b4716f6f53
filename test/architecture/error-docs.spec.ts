import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { contexts } from '../../src/contexts.js';
import type { ErrorCatalogue } from '../../src/platform/errors/app-error.js';
import { platformErrors } from '../../src/platform/errors/platform.errors.js';

const rows = (catalogue: ErrorCatalogue): string[] =>
  Object.values(catalogue).map((spec) => `| \`${spec.code}\` | ${spec.status} | ${spec.description} |`);

it('docs/errors.md lists every code with its status and what to do', async () => {
  const page = readFileSync('docs/errors.md', 'utf8').replaceAll(/ +\|/g, ' |');
  const listed = page.split('\n').filter((line) => line.startsWith('| `'));
  const expected = rows(platformErrors);
  for (const entry of Object.values(contexts)) expected.push(...rows((await entry.load()).errors));
  expect(expected.length).toBeGreaterThan(15);
  expect(listed).toEqual(expected);
});
