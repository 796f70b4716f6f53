import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Faults } from '../support/faults.js';
import { destroyProcesses, makeHome, OcoProcess } from '../support/process.js';
import { until } from '../support/until.js';

afterEach(destroyProcesses);

describe('the embedded house', () => {
  it.each([
    { how: 'SIGTERM', tell: (house: OcoProcess) => house.signal('SIGTERM') },
    { how: 'Ctrl-C, which every process of the group hears', tell: (house: OcoProcess) => house.pressCtrlC() },
    {
      how: 'Ctrl-C under npm, which hands the signal on a second time',
      tell: (house: OcoProcess) => {
        house.pressCtrlC();
        house.signal('SIGINT');
      },
    },
    { how: 'a terminal that is closed', tell: (house: OcoProcess) => house.signal('SIGHUP') },
  ])('stops with exit code 0 and leaves no process behind: $how', async ({ tell }) => {
    const house = await OcoProcess.start();
    expect(house.survivors().length).toBeGreaterThan(3);
    tell(house);
    expect(await house.exited).toEqual({ code: 0, signal: null });
    expect(house.survivors()).toEqual([]);
  });

  it('stops as well when it is told to before it has started', async () => {
    const house = await OcoProcess.spawn();
    await until(() => house.survivors().some((command) => command.includes('postgres')));
    house.signal('SIGTERM');
    expect(await house.exited).toEqual({ code: 0, signal: null });
    expect(house.stdout).not.toContain('Open Cloud Ops ');
    expect(house.survivors()).toEqual([]);
  });

  it('names a context that does not stop in time, cuts it off and exits with 1', async () => {
    const house = await withEconomistBlocked({ OCO_SHUTDOWN_MS: '0' });
    expect(await house.stop()).toEqual({ code: 1, signal: null });
    expect(house.output).toContain('economist: it did not stop in time');
    expect(house.survivors()).toEqual([]);
  });

  it.each([
    { signal: 'SIGINT', code: 130 },
    { signal: 'SIGTERM', code: 143 },
  ] as const)('waits no longer when $signal comes again, and still leaves no process behind', async (again) => {
    const house = await withEconomistBlocked({ OCO_SHUTDOWN_MS: '60000' });
    house.signal('SIGTERM');
    await until(() => house.output.includes('stopping'));
    // Within a second it would count as the same wish.
    await sleep(1_100);
    house.signal(again.signal);
    const since = performance.now();
    expect(await house.exited).toEqual({ code: again.code, signal: null });
    expect(performance.now() - since).toBeLessThan(3_000);
    // The database is told to end as the process does.
    await until(() => house.survivors().length === 0);
  });
});

/** A house in which one context can't obey. */
async function withEconomistBlocked(environment: Readonly<Record<string, string>>): Promise<OcoProcess> {
  const home = makeHome();
  const faults = new Faults('economist', home);
  const house = await OcoProcess.start({ OCO_STALL_MS: '600000', ...faults.environment, ...environment }, home);
  faults.ask('block 600000');
  await until(() => faults.happened);
  return house;
}
