import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeDataDirectory, removeDataDirectory, type DataDirectory } from '../support/data-directory.js';
import { startOwner } from '../support/embedded-process.js';
import { createTestDatabase } from '../support/postgres.js';

const root = join(import.meta.dirname, '..', '..');

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

describe('npm run migrate', () => {
  let home: DataDirectory;

  beforeEach(async () => {
    home = await makeDataDirectory();
  });

  afterEach(async () => {
    await removeDataDirectory(join(home.path, 'data'));
    await home.remove();
  });

  /** The built program in an empty working directory, as `npm run migrate -- …` starts it. */
  const migrate = (words: string, environment: Readonly<Record<string, string>> = {}): Promise<Outcome> =>
    new Promise((resolve) => {
      const child = execFile(
        join(root, 'node_modules', '.bin', 'node'),
        [join(root, 'dist', 'src', 'migrate.js'), ...words.split(' ').filter((word) => word !== '')],
        { cwd: home.path, env: { PATH: process.env['PATH'], LOG_LEVEL: 'warn', ...environment } },
        (_error, out, errors) => resolve({ code: child.exitCode ?? -1, out, errors }),
      );
    });

  it('brings the embedded database up to date, shows it, takes one back, and leaves no server behind', async () => {
    const before = await migrate('status');
    expect(before).toMatchObject({ code: 0, errors: '' });
    expect(before.out).toMatch(/^cerebra: 0 applied, [1-9]\d* pending$/m);

    expect((await migrate('run')).out).toMatch(/^cerebra: applied CreateRequests\d{13}$/m);
    expect(await migrate('run')).toEqual({ code: 0, out: 'nothing to do: all are applied\n', errors: '' });

    expect((await migrate('revert cerebra')).out).toMatch(/^cerebra: took back \w+\d{13}\n$/);
    expect((await migrate('status cerebra')).out).toMatch(/^cerebra: \d+ applied, 1 pending$/m);
    expect(existsSync(join(home.path, 'data', 'postgres', 'cluster', 'postmaster.pid'))).toBe(false);
  });

  it('works on the database that is configured, and starts none of its own', async () => {
    const database = await createTestDatabase();
    const environment = { DATABASE_URL: database.url };
    expect(await migrate('run platform', environment)).toMatchObject({ code: 0, errors: '' });
    const { out } = await migrate('status', environment);
    expect(out).toMatch(/^platform: [1-9]\d* applied, 0 pending$/m);
    expect(out).toMatch(/^cerebra: 0 applied/m);
    expect(existsSync(join(home.path, 'data'))).toBe(false);
    await database.drop();
  });

  it('leaves contexts alone that are off', async () => {
    const environment = { CEREBRA_ENABLED: 'false' };
    const { code, errors } = await migrate('run cerebra', environment);
    expect(code).toBe(64);
    expect(errors).toBe("'cerebra' is none of those that are on: platform, economist, aegis\n");
    expect((await migrate('status', environment)).out).not.toContain('cerebra');
  });

  it.each(['', 'up', 'revert', 'run cerebra aegis'])('explains itself when asked to %j', async (words) => {
    const { code, out, errors } = await migrate(words);
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(errors).toMatch(/^usage: npm run migrate -- run\|revert\|status \[context\]\n/);
    expect(existsSync(join(home.path, 'data'))).toBe(false);
  });

  it('reports wrong settings as the process itself does', async () => {
    expect(await migrate('run', { CEREBRA_PORT: 'eighty' })).toEqual({
      code: 78,
      out: '',
      errors: 'CEREBRA_PORT: expected a whole number from 1 to 65535 (a TCP port), got "eighty"\n',
    });
  });

  it('is refused while another process has the embedded database', async () => {
    const owner = await startOwner(join(home.path, 'data'));
    const { code, errors } = await migrate('status');
    expect(code).toBe(1);
    expect(errors).toMatch(/is in use by process \d+\. Stop that process first/);
    owner.kill('SIGTERM');
    await owner.ended;
  });
});
