import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { symlink, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { makeDataDirectory } from '../../support/data-directory.js';
import { until } from '../../support/until.js';
import { EconomistFixture } from './economist-fixture.js';
import { focusCsv } from './focus-csv.js';
import { ended, importText, ledger, upload } from './imports-fixture.js';

const MIB = 1024 ** 2;

let folder: { path: string; remove(): Promise<void> };
let economist: EconomistFixture;
beforeAll(async () => {
  folder = await makeDataDirectory();
  const environment = {
    ECONOMIST_IMPORT_ROOTS: folder.path,
    ECONOMIST_MAX_UPLOAD: '2MiB',
    ECONOMIST_LOOPBACK_IMPORTS: 'true',
  };
  economist = await EconomistFixture.start({ environment });
});
afterAll(async () => {
  await economist.stop();
  await folder.remove();
});
beforeEach(() => economist.empty());

const uploads = async (): Promise<number> => {
  const [row]: { count: number }[] = await economist.dataSource.query(
    'SELECT count(*)::int AS count FROM economist.uploads',
  );
  return row?.count ?? -1;
};

describe('an upload', () => {
  it('that is too large is refused, and nothing of it stays', async () => {
    const { status, body } = await upload(economist, Buffer.alloc(3 * MIB, 'a'));
    expect(status).toBe(413);
    expect(body).toMatchObject({
      error: { code: 'payload_too_large', message: expect.stringContaining('MAX_UPLOAD') },
    });
    expect(await uploads()).toBe(0);
  });

  it('that unpacks to far more than it should fails its run', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from(focusCsv(['1'])), Buffer.alloc(300 * MIB, 'a')]));
    const run = await importText(economist, bomb, { name: 'bomb.csv.gz' });
    expect(run).toMatchObject({ status: 'failed', error: { code: 'file_out_of_bounds' } });
  });

  it.each([
    ['two files', ['file', 'other'], 413],
    ['too many fields', Array.from({ length: 40 }, (_, index) => `f${index}`), 413],
  ])('with %s is refused', async (_what, names, expected) => {
    const form = new FormData();
    for (const name of names) {
      if (names.length === 2) form.set(name, new Blob([focusCsv(['1'])]), `${name}.csv`);
      else form.set(name, 'x');
    }
    expect((await economist.call('POST', '/api/v1/imports', form)).status).toBe(expected);
    expect(await uploads()).toBe(0);
  });

  it.each([
    ['breaks off in its headers', 'multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; na'],
    ['has no boundary', 'multipart/form-data', 'x'],
    ['is none', 'multipart/form-data; boundary=x', 'no form at all'],
  ])('whose form %s is refused', async (_what, contentType, body) => {
    const reply = await fetch(`${economist.url}/api/v1/imports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${economist.adminKey}`, 'content-type': contentType },
      body,
    });
    expect([400, 422]).toContain(reply.status);
    expect(await uploads()).toBe(0);
  });

  it('whose connection breaks off leaves nothing', async () => {
    const { hostname, port } = new URL(economist.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(
      `POST /api/v1/imports HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${economist.adminKey}\r\n` +
        'content-type: multipart/form-data; boundary=x\r\ncontent-length: 1000000\r\n\r\n' +
        '--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nBilledCost,',
    );
    await until(async () => (await uploads()) === 1);
    socket.destroy();
    await until(async () => (await uploads()) === 0);
  });

  it('may call its file anything', async () => {
    const name = '../../etc/passwd\u0000<script>';
    const run = await importText(economist, focusCsv(['1', 'x']), { name });
    expect(run).toMatchObject({ status: 'completed_with_rejections' });
  });
});

describe('a path', () => {
  it('under the roots is read, by whatever link within them', async () => {
    await writeFile(join(folder.path, 'march.csv'), focusCsv(['1.5']));
    await symlink(join(folder.path, 'march.csv'), join(folder.path, 'link.csv'));
    for (const path of ['march.csv', 'link.csv']) {
      const started = await economist.call('POST', '/api/v1/imports', { path: join(folder.path, path) });
      expect(await ended(economist, started)).toMatchObject({ status: 'completed', accepted_rows: 1 });
    }
    expect(await ledger(economist)).toEqual({ rows: 1, billed: '1.5' });
  });

  it('that leads out of them, or to nothing, is refused, and both are told alike', async () => {
    await symlink('/etc', join(folder.path, 'out'));
    const outside = [
      '/etc/hostname',
      `${folder.path}/../x`,
      `${folder.path}x/a.csv`,
      join(folder.path, 'out', 'hostname'),
    ];
    const replies = await Promise.all(
      [...outside, '/nothing', join(folder.path, 'nothing.csv')].map((path) =>
        economist.call('POST', '/api/v1/imports', { path }),
      ),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([422]));
    expect(new Set(replies.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await economist.call('POST', '/api/v1/imports', { path: 'march.csv' })).status).toBe(422);
  });

  it('to a folder fails its run', async () => {
    const run = await ended(economist, await economist.call('POST', '/api/v1/imports', { path: folder.path }));
    expect(run).toMatchObject({ status: 'failed', error: { code: 'file_unreadable' } });
  });
});

describe('an address', () => {
  let server: Server;
  let base: string;
  let answer: RequestListener;
  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const fetched = async (url: string) => ended(economist, await economist.call('POST', '/api/v1/imports', { url }));

  it('is fetched, with what is secret in it kept out of tables, replies and the log', async () => {
    answer = (request, response) => response.end(request.url?.includes('hush') === true ? focusCsv(['2.5']) : '');
    const run = await fetched(`${base}/costs/march.csv?signature=hush`);
    expect(run).toMatchObject({ status: 'completed', accepted_rows: 1 });
    const stored: unknown = await economist.dataSource.query('SELECT * FROM economist.runs');
    expect(JSON.stringify([stored, run, economist.log])).not.toContain('hush');
    expect(JSON.stringify(stored)).toContain('/costs/march.csv');
    const secrets: unknown[] = await economist.dataSource.query(
      `SELECT 1 FROM platform.secrets WHERE purpose = 'economist.import'`,
    );
    expect(secrets).toEqual([]);
  });

  it.each([
    ['a private network', 'https://10.0.0.1/a.csv'],
    ['a cloud’s metadata', 'https://169.254.169.254/latest/meta-data'],
    ['one without TLS', 'http://example.com/a.csv'],
    ['another protocol', 'file:///etc/passwd'],
    ['IPv4 in IPv6', 'https://[::ffff:10.0.0.1]/a.csv'],
    ['a network of our own in IPv6', 'https://[fd00::1]/a.csv'],
    ['a number that stands for one', 'https://167772161/a.csv'],
    ['a user name', 'https://me:secret@example.com/a.csv'],
  ])('in %s is refused at once', async (_what, url) => {
    const { status, body } = await economist.call('POST', '/api/v1/imports', { url });
    expect(status).toBe(422);
    expect(body).toMatchObject({ error: { details: { url: expect.any(String) } } });
  });

  it('that redirects into a network of ours fails its run', async () => {
    let asked = 0;
    answer = (_request, response) => {
      asked += 1;
      response.writeHead(302, { location: 'https://192.168.0.1/a.csv' }).end();
    };
    expect(await fetched(`${base}/a.csv`)).toMatchObject({
      status: 'failed',
      error: { code: 'dependency_failed', message: expect.stringContaining('network') },
    });
    expect(asked).toBe(1);
  });

  it('that redirects without end, answers with an error or sends too much fails its run', async () => {
    answer = (_request, response) => response.writeHead(302, { location: '/again' }).end();
    expect((await fetched(`${base}/a`)).error?.message).toContain('redirected more than');
    answer = (_request, response) => response.writeHead(403).end('no');
    expect((await fetched(`${base}/a`)).error?.message).toContain('403');
    answer = (_request, response) => response.end(Buffer.alloc(3 * MIB, 'a'));
    expect((await fetched(`${base}/a`)).error?.message).toContain('ECONOMIST_MAX_UPLOAD');
    answer = (_request, response) => response.destroy();
    expect((await fetched(`${base}/a`)).error).toMatchObject({ code: 'dependency_failed' });
  });
});

describe('without the settings for it', () => {
  let strict: EconomistFixture;
  beforeAll(async () => (strict = await EconomistFixture.start()));
  afterAll(() => strict.stop());

  it('no path is read and nothing on this machine is fetched, also by a name that stands for it', async () => {
    expect((await strict.call('POST', '/api/v1/imports', { path: '/etc/hostname' })).status).toBe(422);
    expect((await strict.call('POST', '/api/v1/imports', { url: 'http://127.0.0.1/' })).status).toBe(422);
    expect((await strict.call('POST', '/api/v1/imports', { url: 'https://127.0.0.1/' })).status).toBe(422);
    const named = await ended(
      strict,
      await strict.call('POST', '/api/v1/imports', { url: 'https://localhost:1/a.csv' }),
    );
    expect(named).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('network') } });
  });
});
