import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join, relative, resolve } from 'node:path';
import { isNativeError } from 'node:util/types';

/**
 * A folder of the spool that is this process's alone, and those of processes that are gone, claimed by it.
 *
 * Several processes may share a data directory, and one that lives must not lose its calls to another. So each makes
 * a folder of its own name, beside a socket on which it listens as long as it lives: unlike a process id, that tells
 * the truth across containers, and the kernel cleans up after `kill -9`. A folder whose owner is gone is claimed by
 * renaming it to `<its name>.<new owner>`, which only one can do.
 */
export interface SpoolHome {
  readonly directory: string;
  readonly claimed: readonly string[];
  /** Removes the folders that are empty and lets others claim the rest. */
  release(): Promise<void>;
}

/** Paths of sockets end at about 100 bytes: the shorter form leaves the most room. */
function socketPath(root: string, owner: string): string {
  const absolute = resolve(root, `${owner}.sock`);
  const fromHere = relative(process.cwd(), absolute);
  return fromHere.length < absolute.length ? fromHere : absolute;
}

const isGone = (error: unknown): boolean =>
  isNativeError(error) && 'code' in error && (error.code === 'ENOENT' || error.code === 'ECONNREFUSED');

/** In doubt it lives: rows that wait for the next start are better than rows taken from under it. */
async function lives(root: string, owner: string): Promise<boolean> {
  const socket = connect(socketPath(root, owner));
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    return !isGone(error);
  } finally {
    socket.destroy();
  }
}

async function claim(root: string, name: string, owner: string): Promise<string | null> {
  const [origin = name] = name.split('.');
  const holder = name.split('.').at(-1) ?? name;
  if (holder === owner || (await lives(root, holder))) return null;
  const claimed = join(root, `${origin}.${owner}`);
  try {
    await rename(join(root, name), claimed);
  } catch (error) {
    if (isGone(error)) return null; // another process was faster
    throw error;
  }
  await unlink(join(root, `${holder}.sock`)).catch(() => undefined);
  return claimed;
}

async function listen(root: string, owner: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  server.listen(socketPath(root, owner));
  await once(server, 'listening');
  return server.unref();
}

/** @param root holds nothing but spools */
export async function openSpoolHome(root: string): Promise<SpoolHome> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const owner = randomBytes(4).toString('hex');
  const server = await listen(root, owner);
  const directory = join(root, owner);
  await mkdir(directory, { mode: 0o700 });
  const claimed: string[] = [];
  for (const entry of await readdir(root, { withFileTypes: true })) {
    const folder = entry.isDirectory() ? await claim(root, entry.name, owner) : null;
    if (folder !== null) claimed.push(folder);
  }
  return {
    directory,
    claimed,
    release: async () => {
      for (const folder of [...claimed, directory]) await rmdir(folder).catch(() => undefined);
      await new Promise((done) => server.close(done));
    },
  };
}
