import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { until } from '../../support/until.js';
import { instant } from '../../../src/platform/time.js';
import type { Budget, BudgetGate, Claim, Reservation } from '../../../src/cerebra/budgets/budget-gate.js';
import { nanoUsd, type NanoUsd } from '../../../src/cerebra/pricing/money.js';

export const usd = (amount: number): NanoUsd => nanoUsd(Math.round(amount * 1e9));

/** A hard budget of its own entity, counted since just before its window began. */
export const budgetOf = (fields: Partial<Budget> = {}): Budget => ({
  id: randomUUID(),
  scope: 'agent',
  entityId: randomUUID(),
  limit: usd(1),
  period: 'daily',
  timeZone: 'UTC',
  hard: true,
  onStoreFailure: 'closed',
  createdAt: instant(0),
  countedSince: instant(0),
  ...fields,
});

/** A claim of a call of its own. */
export const claimOf = (fields: Partial<Claim> & Pick<Claim, 'bound'>): Claim => ({
  callId: randomUUID(),
  budgets: [],
  least: fields.bound,
  rate: null,
  abandoned: () => false,
  ...fields,
});

/** @returns the reservation, or null where the call was not admitted */
export async function take(
  gate: BudgetGate,
  budgets: readonly Budget[],
  bound: NanoUsd,
  callId: string = randomUUID(),
): Promise<Reservation | null> {
  const admission = await gate.reserve(claimOf({ callId, budgets, bound }));
  return admission.kind === 'admitted' ? admission.reservation : null;
}

export const left = async (gate: BudgetGate, budget: Budget): Promise<number> => {
  const { settled, reserved } = await gate.state(budget);
  return budget.limit - settled - reserved;
};

/** What every gate must do that lets nobody wait. @param gates two views of the same counters, or twice the same gate */
export function gateBehaviours(gates: () => readonly [BudgetGate, BudgetGate]): void {
  const pick = (turn: number): BudgetGate => gates()[turn % 2 === 0 ? 0 : 1];

  it('admits exactly 100 of 1,000 parallel calls on a budget for 100', async () => {
    const budget = budgetOf();
    const taken = await Promise.all(Array.from({ length: 1_000 }, (_, turn) => take(pick(turn), [budget], usd(0.01))));
    expect(taken.filter(Boolean)).toHaveLength(100);
    expect(await pick(0).state(budget)).toMatchObject({ settled: 0, reserved: usd(1) });
  });

  it('takes from all budgets or from none, however the calls collide', async () => {
    const shared = budgetOf({ limit: usd(0.5) });
    const own = [budgetOf({ limit: usd(0.3) }), budgetOf({ limit: usd(0.3) })];
    const taken = await Promise.all(
      Array.from({ length: 200 }, (_, turn) => take(pick(turn), [own[turn % 2] ?? shared, shared], usd(0.01))),
    );
    const admitted = taken.filter((reservation) => reservation !== null);
    expect(admitted).toHaveLength(50);
    const [first, second] = await Promise.all(own.map((budget) => pick(0).state(budget)));
    expect((first?.reserved ?? 0) + (second?.reserved ?? 0)).toBe(usd(0.5));
  });

  it('never has more than the limit settled and reserved, and gives back what was not spent', async () => {
    const budget = budgetOf();
    let admitted = 0;
    let over = 0;
    const work = { done: false };
    const worker = async (turn: number): Promise<void> => {
      for (let round = 0; round < 20; round++) {
        const reservation = await take(pick(turn), [budget], usd(0.04));
        if (!reservation) continue;
        admitted += 1;
        await new Promise(setImmediate);
        pick(turn).settle(reservation, usd(0.001), 0);
      }
    };
    const sampler = (async (): Promise<void> => {
      while (!work.done) {
        const { settled, reserved } = await pick(1).state(budget);
        if (settled + reserved > budget.limit) over += 1;
        await new Promise(setImmediate);
      }
    })();
    await Promise.all(Array.from({ length: 60 }, (_, turn) => worker(turn)));
    work.done = true;
    await sampler;
    expect(over).toBe(0);
    expect(admitted).toBeGreaterThan(100);
    // What the other replica has just settled may still be under way.
    await until(async () => (await pick(0).state(budget)).reserved === 0);
    expect(await pick(0).state(budget)).toMatchObject({ settled: admitted * usd(0.001) });
  });

  it('settles a call once, whoever says it again', async () => {
    const budget = budgetOf();
    const reservation = await take(pick(0), [budget], usd(0.4));
    if (!reservation) throw new Error('not admitted');
    pick(0).settle(reservation, usd(0.1), 0);
    pick(0).settle(reservation, usd(0.2), 0);
    await until(async () => (await pick(1).state(budget)).reserved === 0);
    pick(1).settle(reservation, usd(0.3), 0);
    pick(0).settle(reservation, usd(0.4), 0);
    for (const gate of [pick(0), pick(1)]) expect(await gate.state(budget)).toMatchObject({ settled: usd(0.1) });
  });

  it('counts amounts near the largest one exactly', async () => {
    const budget = budgetOf({ limit: nanoUsd(Number.MAX_SAFE_INTEGER) });
    const bound = nanoUsd(Number.MAX_SAFE_INTEGER - 2);
    const reservation = await take(pick(0), [budget], bound);
    expect(await take(pick(1), [budget], nanoUsd(2))).not.toBeNull();
    expect(await take(pick(1), [budget], nanoUsd(1))).toBeNull();
    if (reservation) pick(0).settle(reservation, nanoUsd(bound - 1), 0);
    expect(await take(pick(0), [budget], nanoUsd(1))).not.toBeNull();
    expect(await left(pick(0), budget)).toBe(0);
  });

  it('says what is left after a call, and which budget stands in its way until when', async () => {
    const [wide, narrow] = [budgetOf({ limit: usd(5) }), budgetOf({ limit: usd(2), scope: 'team' })];
    expect(await pick(0).reserve(claimOf({ budgets: [wide, narrow], bound: usd(0.5) }))).toMatchObject({
      kind: 'admitted',
      remaining: usd(1.5),
    });
    const refused = await pick(1).reserve(claimOf({ budgets: [wide, narrow], bound: usd(1.6) }));
    const midnight = new Date().setUTCHours(24, 0, 0, 0);
    expect(refused).toMatchObject({ kind: 'refused', by: narrow, state: { reserved: usd(0.5), resetsAt: midnight } });
  });

  it('counts on a soft budget without refusing, and holds nothing for a call that no budget covers', async () => {
    const soft = budgetOf({ hard: false, limit: usd(0.01) });
    const admission = await pick(0).reserve(claimOf({ budgets: [soft], bound: usd(3) }));
    expect(admission).toMatchObject({ kind: 'admitted', remaining: null });
    expect(await pick(1).state(soft)).toMatchObject({ reserved: usd(3) });
    expect(await pick(0).reserve(claimOf({ budgets: [], bound: usd(3) }))).toMatchObject({
      kind: 'admitted',
      remaining: null,
    });
  });

  it('keeps its count when the limit of a budget changes, also below it', async () => {
    const budget = budgetOf();
    const reservation = await take(pick(0), [budget], usd(0.6));
    expect(await take(pick(1), [{ ...budget, limit: usd(0.5) }], usd(0.1))).toBeNull();
    if (reservation) pick(0).settle(reservation, usd(0.3), 0);
    await until(async () => (await pick(1).state(budget)).reserved === 0);
    expect(await take(pick(1), [{ ...budget, limit: usd(0.5) }], usd(0.2))).not.toBeNull();
  });
}
