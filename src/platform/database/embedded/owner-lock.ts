import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** One process at a time owns a data directory and the server in it. */
export interface OwnerLock {
  release(): void;
}

export class DataDirectoryInUseError extends Error {
  override readonly name = 'DataDirectoryInUseError';

  constructor(dataDir: string, owner: string) {
    super(
      `The data directory ${dataDir} is in use by process ${owner}. ` +
        'Stop that process first, or set OCO_DATA_DIR to another folder.',
    );
  }
}

/**
 * Takes the directory, or fails at once.
 *
 * The lock is SQLite's own on an empty file: the kernel drops it however its holder ends, so that there is no stale lock
 * to guess about after `kill -9`, and it is not inherited by the server that is started. (Node offers no `flock`.)
 * Nothing else in this process may open the file: with POSIX locks, closing it would let go of the lock.
 * @throws {DataDirectoryInUseError} when another process has it
 */
export function takeOwnerLock(dataDir: string): OwnerLock {
  const owner = join(dataDir, 'postgres.owner');
  const database = new DatabaseSync(join(dataDir, 'postgres.lock'));
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) throw new DataDirectoryInUseError(dataDir, ownerOf(owner));
    throw error;
  }
  writeFileSync(owner, `${process.pid}\n`);
  return {
    release: () => {
      if (database.isOpen) database.close();
    },
  };
}

const SQLITE_BUSY = 5;

const isBusy = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_BUSY;

function ownerOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    // Taken a moment ago by a process that has not written its id yet.
    return '(unknown)';
  }
}
