import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { listeningPorts } from '../support/listening-ports.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { contextNames, destroyProcesses, makeHome, OcoProcess, type ContextName } from '../support/process.js';

const recorder = pathToFileURL(join(import.meta.dirname, '..', 'support', 'loaded-modules.mjs')).href;

const pairs = contextNames.flatMap((one, index) =>
  contextNames.slice(index + 1).map((other): readonly ContextName[] => [one, other]),
);
const alone = contextNames.map((name): readonly ContextName[] => [name]);
const combinations = [...alone, ...pairs, contextNames].map((on) => ({ on, name: on.join(' and ') }));

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(destroyProcesses);
afterAll(() => database.drop());

/** Contexts whose code any thread of the process has loaded. */
function contextsIn(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const folders = lines.map((url) => /\/dist\/(?:src|migrations)\/([a-z]+)\//.exec(url)?.[1] ?? '');
  return contextNames.filter((name) => folders.includes(name));
}

describe('contexts that are on', () => {
  it.each(combinations)('are the only ones that listen and are loaded: $name', async ({ on }) => {
    const home = makeHome();
    const file = join(home, 'loaded-modules');
    const switches = contextNames.map((name): [string, string] => [
      `${name.toUpperCase()}_ENABLED`,
      String(on.includes(name)),
    ]);
    const process = await OcoProcess.start(
      {
        ...Object.fromEntries(switches),
        DATABASE_URL: database.url,
        NODE_OPTIONS: `--import ${recorder}`,
        OCO_TEST_LOADED_FILE: file,
      },
      home,
    );
    const expected = on.map((name) => process.ports[name]).sort((one, other) => one - other);
    expect(listeningPorts(process.pid)).toEqual(expected);
    for (const name of on) expect((await fetch(process.url(name, '/health/live'))).status).toBe(200);
    expect((await process.stop()).code).toBe(0);
    expect(contextsIn(file)).toEqual(contextNames.filter((name) => on.includes(name)));
  });

  it('can all share one thread', async () => {
    const process = await OcoProcess.start({ OCO_THREADS: 'false', DATABASE_URL: database.url });
    for (const name of contextNames) expect((await fetch(process.url(name, '/health/live'))).status).toBe(200);
    expect((await process.stop()).code).toBe(0);
    expect(process.survivors()).toEqual([]);
  });
});
