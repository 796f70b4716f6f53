import { afterEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { bearer } from '../support/gateway-client.js';
import { destroyProcesses, OcoProcess } from '../support/process.js';
import { until } from '../support/until.js';

const run = promisify(execFile);

afterEach(destroyProcesses);

/** The commands that the banner offers, exactly as they stand there. */
function commandsIn(banner: string): string {
  const lines = banner.split('\n').map((line) => line.trim());
  const commands = lines.filter(
    (line, index) => /^(?:export|KEY=|curl)/.test(line) || lines[index - 1]?.endsWith('\\'),
  );
  return commands.join('\n');
}

const ledger = z.object({
  requests: z.array(z.object({ id: z.string(), model: z.string(), outcome: z.string(), input_tokens: z.number() })),
});
const budgets = z.object({ budgets: z.array(z.object({ id: z.string(), scope: z.string(), spent_usd: z.number() })) });

const get = async <T>(house: OcoProcess, path: string, key: string, shape: z.ZodType<T>): Promise<T> => {
  const reply = await fetch(house.url('cerebra', path), { headers: bearer(key) });
  return shape.parse(await reply.json());
};

/** Rows are written behind the reply. */
async function rows(house: OcoProcess, key: string, atLeast: number) {
  let requests: z.infer<typeof ledger>['requests'] = [];
  await until(async () => {
    ({ requests } = await get(house, '/api/v1/requests', key, ledger));
    return requests.length >= atLeast;
  });
  return requests;
}

describe('a first start without any configuration', () => {
  it('prints commands that make a key, call the built-in model and show the row of the call', async () => {
    const house = await OcoProcess.start();
    const key = house.adminKey;
    expect(key).toMatch(/^oco_admin_/);
    expect(house.stdout.split(key)).toHaveLength(2);

    const { stdout } = await run('sh', ['-euc', commandsIn(house.stdout)], { env: { PATH: process.env['PATH'] } });
    expect(stdout).toContain('"chat.completion"');
    expect(stdout).toContain('Hello!');
    const [row] = await rows(house, key, 1);
    expect(row).toMatchObject({ model: 'echo', outcome: 'ok' });

    const health = await fetch(house.url('console', '/health'));
    expect(health.status).toBe(200);
    expect((await house.stop()).code).toBe(0);
  });

  it('is remembered by the next: the same keys, budgets and rows, and no second admin key', async () => {
    const first = await OcoProcess.start();
    const key = first.adminKey;
    await run('sh', ['-euc', commandsIn(first.stdout)], { env: { PATH: process.env['PATH'] } });
    const before = await rows(first, key, 1);
    const { budgets: kept } = await get(first, '/api/v1/budgets', key, budgets);
    expect((await first.stop()).code).toBe(0);

    const second = await OcoProcess.start({}, first.home);
    expect(second.adminKey).toBe('');
    expect(await rows(second, key, 1)).toEqual(before);
    expect((await get(second, '/api/v1/budgets', key, budgets)).budgets).toEqual(kept);
    expect(kept).toHaveLength(1);
    expect((await second.stop()).code).toBe(0);
  });

  it('that was killed with its database still running is recovered by the next, without losing an answered call', async () => {
    const first = await OcoProcess.start({ CEREBRA_LEDGER_SYNC: 'always' });
    const key = first.adminKey;
    const { stdout } = await run('sh', ['-euc', commandsIn(first.stdout)], { env: { PATH: process.env['PATH'] } });
    expect(stdout).toContain('Hello!');
    first.signal('SIGKILL');
    await first.exited;
    expect(first.survivors().some((command) => command.includes('postgres'))).toBe(true);

    const second = await OcoProcess.start({}, first.home);
    expect(await rows(second, key, 1)).toHaveLength(1);
    expect((await second.stop()).code).toBe(0);
    expect(second.survivors()).toEqual([]);
  });

  it('refuses the data directory of a house that is running, and leaves that one alone', async () => {
    const first = await OcoProcess.start();
    const second = await OcoProcess.spawn({}, first.home);
    expect((await second.exited).code).toBe(1);
    expect(second.output).toContain(`in use by process ${first.pid}`);
    expect((await fetch(first.url('cerebra', '/health'))).status).toBe(200);
    expect((await first.stop()).code).toBe(0);
  });
});
