import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { Faults } from '../support/faults.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { destroyProcesses, freePorts, makeHome, OcoProcess, type ContextName } from '../support/process.js';
import { until } from '../support/until.js';

let database: TestDatabase;
let squatter: Server | null = null;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await leave();
  await destroyProcesses();
});
afterAll(() => database.drop());

/** Another program that sits on a port. */
async function sitOn(port: number): Promise<void> {
  squatter = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  await once(squatter, 'listening');
}

async function leave(): Promise<void> {
  if (squatter !== null) await once(squatter.close(), 'close');
  squatter = null;
}

const health = (house: OcoProcess, context: ContextName): Promise<number> =>
  fetch(house.url(context, '/health'), { signal: AbortSignal.timeout(5_000) }).then(
    ({ status }) => status,
    () => 0,
  );

const only = (context: ContextName): Readonly<Record<string, string>> => ({
  CEREBRA_ENABLED: 'false',
  ECONOMIST_ENABLED: 'false',
  AEGIS_ENABLED: 'false',
  CONSOLE_ENABLED: 'false',
  [`${context.toUpperCase()}_ENABLED`]: 'true',
});

describe('a context whose port is taken', () => {
  it('is the only one that fails, says which port and variable, and starts by itself once it is free', async () => {
    const ports = await freePorts();
    await sitOn(ports.economist);
    const house = await OcoProcess.start({ DATABASE_URL: database.url }, makeHome(), ports);
    expect(house.stdout).toContain(`port ${ports.economist} (ECONOMIST_PORT) is in use by another program`);
    expect(house.stdout).toMatch(/Economist .*NOT RUNNING/);
    expect(await health(house, 'cerebra')).toBe(200);
    await leave();
    await until(async () => (await health(house, 'economist')) === 200, 20_000);
    expect((await house.stop()).code).toBe(0);
  }, 60_000);

  it('leaves nothing of a failed start behind where no thread ends with it', async () => {
    const ports = await freePorts();
    await sitOn(ports.cerebra);
    const environment = { DATABASE_URL: database.url, OCO_THREADS: 'false' };
    const house = await OcoProcess.start(environment, makeHome(), ports);
    expect(await health(house, 'aegis')).toBe(200);
    await until(() => house.stdout.split('cerebra is down').length > 3);
    await leave();
    await until(async () => (await health(house, 'cerebra')) === 200, 20_000);
    expect((await house.stop()).code).toBe(0);
    // Pollers of an earlier attempt would complain about connections that are closed.
    expect(house.output).not.toContain('not Connected');
  }, 60_000);

  it('ends the process at once where OCO_STRICT is set', async () => {
    const ports = await freePorts();
    await sitOn(ports.aegis);
    const house = await OcoProcess.spawn({ DATABASE_URL: database.url, OCO_STRICT: 'true' }, makeHome(), ports);
    expect((await house.exited).code).toBe(1);
    expect(house.stdout).toContain('aegis failed, and OCO_STRICT is set');
    expect(house.survivors()).toEqual([]);
  });

  it('ends the process after five attempts where nothing else is on, without a thread', async () => {
    const ports = await freePorts();
    await sitOn(ports.aegis);
    const house = await OcoProcess.spawn({ DATABASE_URL: database.url, ...only('aegis') }, makeHome(), ports);
    expect((await house.exited).code).toBe(1);
    expect(house.stdout).toContain('no context could be started in 5 attempts');
  });
});

describe('an error that nothing caught, in a process without threads', () => {
  it.each(['throw', 'reject'] as const)('ends it with exit code 1 and leaves no process behind: %s', async (fault) => {
    const home = makeHome();
    // The main thread has no name.
    const faults = new Faults('', home);
    const house = await OcoProcess.start({ ...only('aegis'), ...faults.environment }, home);
    faults.ask(fault);
    expect((await house.exited).code).toBe(1);
    expect(house.stdout).toContain('the process ends: a fault that a test asked for');
    expect(house.survivors()).toEqual([]);
  });
});

describe('the embedded database', () => {
  it('is started again when it is killed, and every context is well again by itself', async () => {
    const house = await OcoProcess.start();
    const postgres = Number.parseInt(house.survivors().find((command) => / -D /.test(command)) ?? '', 10);
    process.kill(postgres, 'SIGKILL');
    await until(
      () => house.stdout.includes('the embedded PostgreSQL runs again'),
      30_000,
      () => house.output,
    );
    await until(async () => (await health(house, 'aegis')) === 200, 20_000);
    await until(async () => (await health(house, 'cerebra')) === 200, 20_000);
    expect(house.stdout).not.toMatch(/is down/);
    expect((await house.stop()).code).toBe(0);
    expect(house.survivors()).toEqual([]);
  }, 90_000);
});
