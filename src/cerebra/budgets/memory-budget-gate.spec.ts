import { describe, expect, it } from '@jest/globals';
import { nanoUsd, type NanoUsd } from '../pricing/money.js';
import type { Reservation } from './budget-gate.js';
import { awake, budgetOf, claimOf, take, usd } from '../../../test/support/memory-gate.js';

describe('the gate in memory', () => {
  it('answers at once where nothing has to be read', () => {
    const { gate } = awake();
    expect(gate.reserve(claimOf('c1', [budgetOf()], usd(4)))).toMatchObject({ kind: 'admitted', remaining: usd(6) });
    expect(gate.reserve(claimOf('c2', [budgetOf()], usd(6)))).toMatchObject({ kind: 'admitted', remaining: usd(0) });
    expect(gate.reserve(claimOf('c3', [budgetOf()], nanoUsd(1)))).toMatchObject({
      kind: 'refused',
      by: { id: 'b1' },
      state: { settled: 0, reserved: usd(10), resetsAt: Date.parse('2026-11-26T00:00:00Z') },
    });
  });

  it('takes from all budgets or from none', async () => {
    const { gate, counts } = awake();
    const [wide, narrow] = [budgetOf(), budgetOf({ id: 'b2', scope: 'team', limit: usd(1) })];
    expect(gate.reserve(claimOf('c1', [wide, narrow], usd(2)))).toMatchObject({ kind: 'refused', by: { id: 'b2' } });
    expect(await gate.state(wide)).toMatchObject({ settled: 0, reserved: 0 });
    expect(counts.refusals.team).toBe(1);
  });

  it('settles once, whatever is said again', async () => {
    const { gate, counts } = awake();
    const reservation = await take(gate, 'c1', [budgetOf()], usd(4));
    for (const cost of [usd(3), usd(3), usd(1)]) if (reservation) gate.settle(reservation, cost, 0);
    expect(await gate.state(budgetOf())).toMatchObject({ settled: usd(3), reserved: 0 });
    expect(counts.overshoots).toBe(0);
  });

  it('records a cost above its bound, and counts it', async () => {
    const { gate, counts } = awake();
    const reservation = await take(gate, 'c1', [budgetOf()], usd(4));
    if (reservation) gate.settle(reservation, usd(5), 0);
    expect(await gate.state(budgetOf())).toMatchObject({ settled: usd(5), reserved: 0 });
    expect(counts.overshoots).toBe(1);
  });

  it('stops further calls when the limit is lowered below what is spent', async () => {
    const { gate } = awake();
    const reservation = await take(gate, 'c1', [budgetOf()], usd(4));
    if (reservation) gate.settle(reservation, usd(4), 0);
    expect(gate.reserve(claimOf('c2', [budgetOf({ limit: usd(3) })], usd(0)))).toMatchObject({ kind: 'refused' });
    expect(gate.reserve(claimOf('c3', [budgetOf({ limit: usd(5) })], usd(1)))).toMatchObject({ kind: 'admitted' });
  });

  it('counts on a soft budget and never refuses by it', async () => {
    const { gate } = awake();
    const soft = budgetOf({ hard: false, limit: usd(1) });
    expect(gate.reserve(claimOf('c1', [soft], usd(5)))).toMatchObject({ kind: 'admitted', remaining: null });
    expect(await gate.state(soft)).toMatchObject({ reserved: usd(5) });
  });

  it('refuses a bound that is no number', () => {
    const { gate } = awake();
    expect(gate.reserve(claimOf('c1', [budgetOf()], nanoUsd(Number.NaN)))).toMatchObject({ kind: 'refused' });
  });
});

describe('leases', () => {
  it('charge a call that gave no sign of life its bound, and correct it when it ends after all', async () => {
    const { gate, clock, counts } = awake();
    const reservation = await take(gate, 'c1', [budgetOf()], usd(4));
    clock.time += 59_999;
    gate.sweep();
    expect(await gate.state(budgetOf())).toMatchObject({ settled: 0, reserved: usd(4) });
    clock.time += 1;
    gate.sweep();
    gate.sweep();
    expect(await gate.state(budgetOf())).toMatchObject({ settled: usd(4), reserved: 0 });
    expect(counts.lost).toBe(1);
    for (const again of [1, 2]) if (reservation) gate.settle(reservation, usd(again), 0);
    expect(await gate.state(budgetOf())).toMatchObject({ settled: usd(1), reserved: 0 });
  });

  it('last as long as they are renewed', async () => {
    const { gate, clock } = awake();
    const reservation = await take(gate, 'c1', [budgetOf()], usd(4));
    for (let turn = 0; turn < 10; turn++) {
      clock.time += 20_000;
      if (reservation) gate.renew([reservation]);
      gate.sweep();
    }
    expect(await gate.state(budgetOf())).toMatchObject({ settled: 0, reserved: usd(4) });
  });
});

it('holds settled + reserved ≤ limit, and counts exactly, under any interleaving', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = randomFrom(seed);
    const { gate, clock } = awake();
    const budgets = [
      budgetOf({ limit: usd(20) }),
      budgetOf({ id: 'b2', scope: 'team', limit: usd(12), period: 'hourly' }),
    ];
    const running = new Map<string, { reservation: Reservation; bound: NanoUsd }>();
    const spent = new Map<string, number>();
    for (let step = 0; step < 300; step++) {
      const chance = random();
      if (chance < 0.5) {
        const bound = nanoUsd(Math.floor(random() * 3e9));
        const drawn = budgets.filter(() => random() < 0.7);
        const reservation = await take(gate, `c${step}`, drawn, bound);
        if (reservation) running.set(`c${step}`, { reservation, bound });
      } else if (chance < 0.9) {
        const [first] = running;
        if (!first) continue;
        const [callId, { reservation, bound }] = first;
        const cost = nanoUsd(Math.floor(random() * bound));
        running.delete(callId);
        gate.settle(reservation, cost, 0);
        for (const hold of reservation.holds) {
          const key = `${hold.budgetId}:${hold.windowStart}`;
          spent.set(key, (spent.get(key) ?? 0) + cost);
        }
      } else {
        clock.time += Math.floor(random() * 120_000);
        gate.renew([...running.values()].map(({ reservation }) => reservation));
        gate.sweep();
      }
      for (const budget of budgets) {
        const state = await gate.state(budget);
        expect(state.settled + state.reserved).toBeLessThanOrEqual(budget.limit);
        expect(state.settled).toBe(spent.get(`${budget.id}:${state.windowStart}`) ?? 0);
      }
    }
  }
});

/** The same numbers on every run, so that a failure can be found again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
