import { describe, expect, it } from '@jest/globals';
import { instant } from '../../platform/time.js';
import type { NanoUsd } from '../pricing/money.js';
import { LEASE_MS } from './budget-gate.js';
import { awake, before, budgetOf, claimOf, gateAt, START, take, usd } from '../../../test/support/memory-gate.js';

describe('the windows of budgets in memory', () => {
  it('charges a call to the window that it began in', async () => {
    const { gate, clock } = awake();
    const reservation = await take(gate, 'c1', [budgetOf()], usd(10));
    clock.time = Date.parse('2026-11-26T00:00:00Z');
    expect(await take(gate, 'c2', [budgetOf()], usd(10))).not.toBeNull();
    if (reservation) gate.settle(reservation, usd(9), 0);
    expect(await gate.state(budgetOf())).toMatchObject({
      settled: 0,
      reserved: usd(10),
      windowStart: Date.parse('2026-11-26T00:00:00Z'),
    });
  });

  it.each([0, 1])(
    'goes on with the later window when the clock is set back over its edge; swept: %d times',
    async (sweeps) => {
      const { gate, clock } = awake();
      const midnight = Date.parse('2026-11-26T00:00:00Z');
      clock.time = midnight - 1;
      const early = await take(gate, 'c1', [budgetOf()], usd(8));
      if (early) gate.settle(early, usd(8), 0);
      clock.time = midnight;
      const late = await take(gate, 'c2', [budgetOf()], usd(7));
      if (late) gate.settle(late, usd(7), 0);
      clock.time = midnight - 2_000;
      expect(await take(gate, 'c3', [budgetOf()], usd(4))).toBeNull();
      expect(await take(gate, 'c4', [budgetOf()], usd(3))).not.toBeNull();
      clock.time = midnight + 1;
      for (let sweep = 0; sweep < sweeps; sweep++) gate.sweep();
      expect(await gate.state(budgetOf())).toMatchObject({ settled: usd(7), reserved: usd(3), windowStart: midnight });
    },
  );

  it('keeps what a window has spent when the clock is set forward over its end and back again', async () => {
    const { gate, clock } = awake();
    const reservation = await take(gate, 'c1', [budgetOf()], usd(8));
    if (reservation) gate.settle(reservation, usd(8), 0);
    clock.time += 86_400_000;
    gate.sweep();
    clock.time = START;
    expect(await gate.state(budgetOf())).toMatchObject({ settled: usd(8) });
  });
});

describe('what was spent before the gate began to count', () => {
  it('comes from the ledger, read once for all calls that wait for it', async () => {
    const reads: number[] = [];
    const { gate } = gateAt(START, (_, since) => {
      reads.push(since);
      return Promise.resolve(usd(7));
    });
    const admissions = await Promise.all(
      ['c1', 'c2', 'c3', 'c4'].map(async (id) => gate.reserve(claimOf(id, [budgetOf()], usd(1)))),
    );
    expect(admissions.map(({ kind }) => kind)).toEqual(['admitted', 'admitted', 'admitted', 'refused']);
    expect(reads).toEqual([Date.parse('2026-11-25T00:00:00Z')]);
  });

  it('is read for a budget that is made in the middle of its window', async () => {
    const { gate, clock } = gateAt(before, () => Promise.resolve(usd(9)));
    clock.time = START;
    const late = budgetOf({ createdAt: instant(START), countedSince: instant(START) });
    expect(await gate.reserve(claimOf('c1', [late], usd(2)))).toMatchObject({
      kind: 'refused',
      state: { settled: usd(9) },
    });
  });

  it.each([
    ['whose windows are changed', { countedSince: instant(START + 1_000), period: 'weekly' as const }],
    ['that is made anew', { id: 'b2', createdAt: instant(START + 1_000), countedSince: instant(START + 1_000) }],
  ])('comes, for a budget %s, also from the calls that are running', async (_, fields) => {
    const { gate, clock } = gateAt(before, () => Promise.resolve(usd(1)));
    clock.time = START;
    const [ending, running, swept] = [
      await take(gate, 'c1', [budgetOf()], usd(2)),
      await take(gate, 'c2', [budgetOf()], usd(3)),
      await take(gate, 'c3', [budgetOf()], usd(1)),
    ];
    await take(gate, 'other', [budgetOf({ id: 'b3', entityId: 'a2' })], usd(5));
    clock.time += LEASE_MS;
    if (ending && running) gate.renew([ending, running]);
    gate.sweep();
    const changed = budgetOf(fields);
    expect(await gate.state(changed)).toMatchObject({ settled: usd(2), reserved: usd(5) });
    if (ending) gate.settle(ending, usd(1.5), 0);
    if (swept) gate.settle(swept, usd(0.5), 0);
    expect(await gate.state(changed)).toMatchObject({ settled: usd(3), reserved: usd(3) });
    if (running) gate.settle(running, usd(3), 0);
    expect(await gate.state(changed)).toMatchObject({ settled: usd(6), reserved: 0 });
  });

  it('does not lose a call that ends while the ledger is read', async () => {
    let tell: (spent: NanoUsd) => void = () => undefined;
    const { gate, clock } = gateAt(before, () => new Promise((resolve) => (tell = resolve)));
    clock.time = START;
    const running = await take(gate, 'c1', [budgetOf()], usd(2));
    const changed = budgetOf({ countedSince: instant(START) });
    const states = Promise.all([gate.state(changed), gate.state(changed)]);
    if (running) gate.settle(running, usd(2), 0);
    tell(usd(1));
    expect(await states).toMatchObject([{ settled: usd(3) }, { settled: usd(3) }]);
  });

  it('leaves out the running calls that began before the window', async () => {
    const { gate, clock } = gateAt(before);
    clock.time = START;
    await take(gate, 'c1', [budgetOf()], usd(2));
    clock.time = Date.parse('2026-11-26T00:00:00Z');
    const changed = budgetOf({ period: 'hourly', countedSince: instant(clock.time + 1) });
    clock.time += 1;
    expect(await gate.state(changed)).toMatchObject({ settled: 0, reserved: 0 });
  });

  it('is decided per budget while the ledger is away, and asked for again later', async () => {
    let away = true;
    const { gate, clock } = gateAt(START, () => (away ? Promise.reject(new Error('away')) : Promise.resolve(usd(9))));
    expect(await gate.reserve(claimOf('c1', [budgetOf()], usd(1)))).toMatchObject({
      kind: 'unavailable',
      by: { id: 'b1' },
    });
    const open = budgetOf({ id: 'b2', entityId: 'a2', onStoreFailure: 'open' });
    expect(await gate.reserve(claimOf('c2', [open], usd(1)))).toMatchObject({
      kind: 'admitted',
      reservation: { holds: [] },
    });
    away = false;
    expect(await gate.reserve(claimOf('c3', [budgetOf()], usd(1)))).toMatchObject({ kind: 'unavailable' });
    clock.time += 1_000;
    expect(await gate.reserve(claimOf('c4', [budgetOf()], usd(1)))).toMatchObject({ kind: 'admitted', remaining: 0 });
  });
});
