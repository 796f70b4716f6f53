import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LoadProcessEntry } from '../../src/economist/ingestion/loading/load-process.js';

const root = join(import.meta.dirname, '..', '..');
const main = join(root, 'src', 'economist', 'ingestion', 'loading', 'process', 'main.ts');

/** The process that loads parts, run from its TypeScript source as the specs are. */
export const sourceLoadProcess: LoadProcessEntry = {
  url: pathToFileURL(main),
  execArgv: [
    '--no-warnings',
    '--experimental-transform-types',
    '--import',
    pathToFileURL(join(root, 'test', 'support', 'run-typescript.mjs')).href,
  ],
};
