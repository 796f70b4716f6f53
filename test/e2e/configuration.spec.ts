import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { contextNames, destroyProcesses, makeHome, OcoProcess } from '../support/process.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await destroyProcesses();
  await database.drop();
});

const connects = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

describe('a wrong configuration', () => {
  it('is told in one line per variable, with exit code 78, and nothing is started', async () => {
    const process = await OcoProcess.spawn({
      CEREBRA_PORT: 'eighty',
      OCO_STALL_MS: '5',
      OCO_ADMIN_KEY: 'hunter2',
      LOG_FORMAT: 'xml',
      CEREBRA_MAX_BODY: '10 elephants',
    });
    expect(await process.exited).toEqual({ code: 78, signal: null });
    expect(process.stderr.trim().split('\n').sort()).toEqual([
      'CEREBRA_MAX_BODY: expected a size such as 32MiB, at most 268435456 bytes, got "10 elephants"',
      'CEREBRA_PORT: expected a whole number from 1 to 65535 (a TCP port), got "eighty"',
      'LOG_FORMAT: expected pretty or json, got "xml"',
      'OCO_ADMIN_KEY: expected at least 24 characters without spaces, got •••• (7 characters)',
      'OCO_STALL_MS: expected a whole number from 1000 to 600000 (milliseconds), got "5"',
    ]);
    expect(process.stdout).toBe('');
    expect(readdirSync(process.home)).toEqual([]);
    for (const name of contextNames) expect(await connects(process.url(name))).toBe(false);
  });

  it('is what a data directory counts as that cannot be written to, and nothing is started', async () => {
    const home = makeHome();
    writeFileSync(join(home, 'data'), '');
    for (const url of ['', database.url]) {
      const process = await OcoProcess.spawn({ DATABASE_URL: url }, home);
      expect(await process.exited).toEqual({ code: 78, signal: null });
      expect(process.stderr).toMatch(
        /^OCO_DATA_DIR: expected a folder that can be written to, got ".\/data" \(EEXIST: .*\)\n$/,
      );
      expect(process.stdout).toBe('');
    }
  });

  it('is not what the same data directory counts as where nothing would be written to it', async () => {
    const home = makeHome();
    writeFileSync(join(home, 'data'), '');
    const process = await OcoProcess.start({ DATABASE_URL: database.url, CEREBRA_ENABLED: 'false' }, home);
    expect((await fetch(process.url('economist', '/health/live'))).status).toBe(200);
    expect((await process.stop()).code).toBe(0);
  });

  it('is what an address beyond loopback counts as while there is no key, and no context listens', async () => {
    const process = await OcoProcess.spawn({ OCO_HOST: '0.0.0.0', DATABASE_URL: database.url });
    expect(await process.exited).toEqual({ code: 78, signal: null });
    expect(process.stderr).toMatch(/^OCO_HOST: .*OCO_ADMIN_KEY/m);
    expect(process.stdout).not.toContain('oco_admin_');
  });

  it('is not what the same address counts as once there is a key', async () => {
    const key = 'a-key-of-more-than-24-characters';
    const process = await OcoProcess.start({
      OCO_HOST: '0.0.0.0',
      OCO_ADMIN_KEY: key,
      DATABASE_URL: database.url,
      CEREBRA_ENABLED: 'false',
      ECONOMIST_ENABLED: 'false',
      CONSOLE_ENABLED: 'false',
    });
    expect((await fetch(process.url('aegis', '/health/live'))).status).toBe(200);
    expect((await process.stop()).code).toBe(0);
    expect(process.output).not.toContain(key);
  });
});

it('a misspelt variable is told with the name that was meant, and without its value', async () => {
  const misspelt = { AEGIS_ENABELD: 'hunter2', OCO_DATADIR: 'hunter2' };
  const process = await OcoProcess.start({ ...misspelt, DATABASE_URL: database.url, CEREBRA_ENABLED: 'false' });
  expect(process.output).toContain('Nothing reads the variable AEGIS_ENABELD; did you mean AEGIS_ENABLED?');
  expect(process.output).toContain('Nothing reads the variable OCO_DATADIR; did you mean OCO_DATA_DIR?');
  expect(process.output).not.toContain('hunter2');
});

describe('a database that is not there', () => {
  it('is told with its address and without its password, with exit code 1', async () => {
    const url = new URL(database.url);
    url.pathname = '/no_such_database';
    url.searchParams.set('application_name', 'x');
    const process = await OcoProcess.spawn({ DATABASE_URL: url.href });
    expect((await process.exited).code).toBe(1);
    expect(process.output).toContain(`PostgreSQL at ${url.host}/no_such_database refuses us`);
    expect(process.output).not.toContain(url.password);
  });
});
