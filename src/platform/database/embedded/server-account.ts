import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The system user that the server runs as. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

const NAME = 'postgres';

/**
 * PostgreSQL refuses to run as root, so root hands it to the user `postgres`, made here where there is none.
 * @returns null where this process is not root: the server then runs as the same user
 */
export async function serverAccount(): Promise<ServerAccount | null> {
  if (process.getuid?.() !== 0) return null;
  const known = await lookUp();
  if (known !== null) return known;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME]);
  } catch (cause) {
    throw new Error(
      `PostgreSQL does not run as root, there is no user '${NAME}', and it could not be made. ` +
        'Start as another user, or set DATABASE_URL.',
      { cause },
    );
  }
  return lookUp();
}

async function lookUp(): Promise<ServerAccount | null> {
  try {
    const [user, group] = await Promise.all([run('id', ['-u', NAME]), run('id', ['-g', NAME])]);
    return { uid: Number(user.stdout), gid: Number(group.stdout) };
  } catch {
    return null;
  }
}
