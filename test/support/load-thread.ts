import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ThreadEntry } from '../../src/economist/ingestion/loading/load-thread-handle.js';

const root = join(import.meta.dirname, '..', '..');
const thread = join(root, 'src', 'economist', 'ingestion', 'loading', 'thread', 'load-thread.ts');

/** The thread that loads parts, run from its TypeScript source as the specs are. */
export const sourceLoadThread: ThreadEntry = {
  url: pathToFileURL(thread),
  execArgv: [
    '--no-warnings',
    '--experimental-transform-types',
    '--import',
    pathToFileURL(join(root, 'test', 'support', 'run-typescript.mjs')).href,
  ],
};
