import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SERVER_ENVIRONMENT } from './server-process.js';
import type { ServerSite } from './server-site.js';

const run = promisify(execFile);

export const SUPERUSER = 'postgres';

/** A database cluster on disk, and the password of its superuser. */
export interface Cluster {
  readonly directory: string;
  readonly password: string;
}

/** Makes the cluster on the first start. A first start that was cut short is begun anew. */
export async function prepareCluster(site: ServerSite): Promise<Cluster> {
  const directory = join(site.home, 'cluster');
  const passwordFile = join(site.home, 'password');
  if (await exists(directory)) return { directory, password: (await readFile(passwordFile, 'utf8')).trim() };

  const password = randomBytes(24).toString('base64url');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  const { account } = site;
  if (account !== null) await chown(passwordFile, account.uid, account.gid);

  const partial = join(site.home, 'cluster-partial');
  await rm(partial, { recursive: true, force: true });
  await run(
    site.initdb,
    [
      `--pgdata=${partial}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // PostgreSQL's own locale: the same order of text on every machine, whatever its C library.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ],
    { ...account, cwd: site.home, env: SERVER_ENVIRONMENT },
  );
  await rename(partial, directory);
  return { directory, password };
}

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;
