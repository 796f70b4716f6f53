import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { sourceFiles } from './source-files.js';

const READER = 'src/platform/config/environment.ts';

it('reads process.env in one file only', () => {
  const readers = sourceFiles('src', 'migrations').filter((file) =>
    /process\s*(?:\?\.|\.)\s*env|process\[/.test(readFileSync(file, 'utf8')),
  );
  expect(readers).toEqual([READER]);
});
