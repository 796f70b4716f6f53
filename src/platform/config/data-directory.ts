import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BoundedContext } from '../bounded-context.js';
import { ConfigurationError } from './faults.js';
import type { Settings } from './settings.js';

/**
 * Makes the data directory where it is needed: for the embedded database, and for what a context owes its
 * database while that is away. Elsewhere the file system may be read-only.
 * @param running the contexts that are about to run
 * @throws {ConfigurationError} where nothing can be written there
 */
export async function prepareDataDirectory(
  { dataDir, databaseUrl }: Pick<Settings, 'dataDir' | 'databaseUrl'>,
  running: readonly Pick<BoundedContext, 'storage'>[],
): Promise<void> {
  if (databaseUrl !== null && !running.some(({ storage }) => storage?.servesWithout === true)) return;
  const path = resolve(dataDir);
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new ConfigurationError([
      {
        variable: 'OCO_DATA_DIR',
        expected: 'a folder that can be written to',
        given: `${JSON.stringify(dataDir)} (${error instanceof Error ? error.message : String(error)})`,
      },
    ]);
  }
}
