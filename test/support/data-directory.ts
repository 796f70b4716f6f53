import { chmod, mkdtemp, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface DataDirectory {
  readonly path: string;
  remove(): Promise<void>;
}

/** An empty folder for `OCO_DATA_DIR`, which the user that runs PostgreSQL can enter when root runs the tests. */
export async function makeDataDirectory(): Promise<DataDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'oco-data-'));
  await chmod(path, 0o755);
  return { path, remove: () => removeDataDirectory(path) };
}

/** Also removes the database where it had to be put elsewhere, behind a link. */
export async function removeDataDirectory(path: string): Promise<void> {
  const elsewhere = await readlink(join(path, 'postgres')).catch(() => null);
  if (elsewhere !== null) await rm(elsewhere, { recursive: true, force: true });
  await rm(path, { recursive: true, force: true });
}
