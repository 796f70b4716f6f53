import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { sourceFiles } from './source-files.js';

const READER = 'src/platform/config/environment.ts';

/** By any way of saying it: a member, an index, a destructured or an imported one. */
const READS =
  /process\s*(?:\?\.|\.)\s*env|process\s*\[|\{[^}]*\benv\b[^}]*\}\s*(?:=\s*process\b|from\s+'(?:node:)?process')/;

it('reads process.env in one file only', () => {
  const readers = sourceFiles('src', 'migrations').filter((file) => READS.test(readFileSync(file, 'utf8')));
  expect(readers).toEqual([READER]);
});

it.each([
  'process.env',
  'process?.env.X',
  "process['env']",
  'const { env } = process;',
  "import { env } from 'node:process'",
])('would notice %s', (code) => expect(code).toMatch(READS));
