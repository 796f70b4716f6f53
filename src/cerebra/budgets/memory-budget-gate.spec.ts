import { afterEach, describe, expect, it } from '@jest/globals';
import { instant, type Instant } from '../../platform/time.js';
import { nanoUsd, type NanoUsd } from '../pricing/money.js';
import type { Budget, Claim, Reservation } from './budget-gate.js';
import { GateCounts } from './gate-counts.js';
import { MemoryBudgetGate } from './memory-budget-gate.js';
import { Spending, type ReadSpent } from './spending.js';

const START = Date.parse('2026-11-25T10:00:00Z');
const usd = (amount: number): NanoUsd => nanoUsd(amount * 1e9);

const budgetOf = (fields: Partial<Budget> = {}): Budget => ({
  id: 'b1',
  scope: 'agent',
  entityId: 'a1',
  limit: usd(10),
  period: 'daily',
  timeZone: 'UTC',
  hard: true,
  onStoreFailure: 'closed',
  createdAt: instant(START - 86_400_000),
  countedSince: instant(START - 86_400_000),
  ...fields,
});

const claimOf = (callId: string, budgets: readonly Budget[], bound: NanoUsd): Claim => ({
  callId,
  budgets,
  bound,
  least: bound,
  rate: null,
  abandoned: () => false,
});

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function gateAt(startedAt: number, read: ReadSpent = () => Promise.resolve(usd(0)), known = new Set(['b1', 'b2'])) {
  const clock = {
    time: startedAt,
    now(): Instant {
      return instant(this.time);
    },
  };
  const counts = new GateCounts();
  const spending = new Spending(read, clock, () => undefined);
  const gate = new MemoryBudgetGate(clock, spending, counts, (id) => known.has(id), 0);
  stops.push(() => gate.stop());
  return { gate, clock, counts, known };
}

/** Before the day began: nothing needs to be read from the ledger after that. */
const before = START - 11 * 3_600_000;

function awake() {
  const made = gateAt(before);
  made.clock.time = START;
  return made;
}

async function take(gate: MemoryBudgetGate, callId: string, budgets: readonly Budget[], bound: NanoUsd) {
  const admission = await gate.reserve(claimOf(callId, budgets, bound));
  return admission.kind === 'admitted' ? admission.reservation : null;
}

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

  it('is decided per budget while the ledger is away, and asked for again later', async () => {
    let away = true;
    const { gate, clock } = gateAt(START, () => (away ? Promise.reject(new Error('away')) : Promise.resolve(usd(9))));
    expect(await gate.reserve(claimOf('c1', [budgetOf()], usd(1)))).toMatchObject({
      kind: 'unavailable',
      by: { id: 'b1' },
    });
    const open = budgetOf({ id: 'b2', onStoreFailure: 'open' });
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
