import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { Admission, Budget, BudgetGate, Claim } from '../../../src/cerebra/budgets/budget-gate.js';
import { nanoUsd } from '../../../src/cerebra/pricing/money.js';
import { until } from '../../support/until.js';
import { budgetOf, claimOf, usd } from './gate-behaviours.js';

/** How long the gates under test let calls wait. */
export const WAIT_MS = 2_000;

/** Makes a call that takes some time and then costs `cost`. */
async function make(gate: BudgetGate, claim: Claim, cost: number, takesMs = 20): Promise<Admission> {
  const admission = await gate.reserve(claim);
  if (admission.kind !== 'admitted') return admission;
  await delay(takesMs);
  gate.settle(admission.reservation, nanoUsd(cost), 0);
  return admission;
}

const admitted = (admissions: readonly Admission[]): number =>
  admissions.filter(({ kind }) => kind === 'admitted').length;

/** Looks again and again whether more is settled and reserved than the limit. */
function watch(gate: BudgetGate, budget: Budget): () => Promise<{ samples: number; over: number }> {
  let samples = 0;
  let over = 0;
  const work = { done: false };
  const watching = (async () => {
    while (!work.done) {
      const { settled, reserved } = await gate.state(budget);
      samples += 1;
      if (settled + reserved > budget.limit) over += 1;
      await new Promise(setImmediate);
    }
  })();
  return async () => {
    work.done = true;
    await watching;
    return { samples, over };
  };
}

/** What every gate must do for calls that can be paid for once others have settled. */
export function waitingBehaviours(gates: () => readonly [BudgetGate, BudgetGate]): void {
  const pick = (turn: number): BudgetGate => gates()[turn % 2 === 0 ? 0 : 1];

  it('makes exactly 100 of 1,000 parallel calls that are as dear as their bound, on a budget for 100', async () => {
    const budget = budgetOf();
    const stop = watch(pick(1), budget);
    const made = await Promise.all(
      Array.from({ length: 1_000 }, (_, turn) =>
        make(pick(turn), claimOf({ budgets: [budget], bound: usd(0.01) }), usd(0.01)),
      ),
    );
    expect(admitted(made)).toBe(100);
    const { samples, over } = await stop();
    expect(samples).toBeGreaterThan(1);
    expect(over).toBe(0);
    await until(async () => (await pick(0).state(budget)).reserved === 0);
    expect(await pick(0).state(budget)).toMatchObject({ settled: usd(1) });
  });

  it('makes 57 and more of 200 parallel calls whose bound is three times their cost, on a budget that pays 60', async () => {
    const budget = budgetOf({ limit: usd(0.6) });
    const stop = watch(pick(1), budget);
    const made = await Promise.all(
      Array.from({ length: 200 }, (_, turn) =>
        make(pick(turn), claimOf({ budgets: [budget], bound: usd(0.03) }), usd(0.01)),
      ),
    );
    expect((await stop()).over).toBe(0);
    const count = admitted(made);
    expect(count).toBeGreaterThanOrEqual(57);
    expect(count).toBeLessThanOrEqual(60);
    await until(async () => (await pick(0).state(budget)).reserved === 0);
    expect(await pick(0).state(budget)).toMatchObject({ settled: count * usd(0.01) });
  });

  it('shares out what is left to calls that may be cut, so that they need not wait for one another', async () => {
    const budget = budgetOf({ limit: usd(0.6) });
    let running = 0;
    let most = 0;
    const made = await Promise.all(
      Array.from({ length: 200 }, async (_, turn) => {
        const gate = pick(turn);
        const admission = await gate.reserve(claimOf({ budgets: [budget], bound: usd(5), least: usd(0.012) }));
        if (admission.kind !== 'admitted') return admission;
        most = Math.max(most, ++running);
        await delay(20);
        running -= 1;
        gate.settle(admission.reservation, nanoUsd(usd(0.01)), 0);
        return admission;
      }),
    );
    expect(admitted(made)).toBeGreaterThanOrEqual(57);
    expect(most).toBeGreaterThan(4);
    await until(async () => (await pick(0).state(budget)).reserved === 0);
    expect((await pick(0).state(budget)).settled).toBeLessThanOrEqual(budget.limit);
  });

  it('gives a call that may be cut all that is left, where nobody else wants any', async () => {
    const budget = budgetOf();
    expect(await pick(0).reserve(claimOf({ budgets: [budget], bound: usd(3), least: usd(0.1) }))).toMatchObject({
      kind: 'admitted',
      reservation: { bound: usd(1) },
      remaining: 0,
    });
  });

  it('refuses at once what can never fit, also behind others who wait', async () => {
    const budget = budgetOf();
    const held = await pick(0).reserve(claimOf({ budgets: [budget], bound: usd(0.9) }));
    const waiting = pick(1).reserve(claimOf({ budgets: [budget], bound: usd(0.5) }));
    expect(await pick(1).reserve(claimOf({ budgets: [budget], bound: usd(1.1) }))).toMatchObject({
      kind: 'refused',
      waitedMs: 0,
    });
    if (held.kind === 'admitted') pick(0).settle(held.reservation, usd(0.1), 0);
    expect(await waiting).toMatchObject({ kind: 'admitted' });
  });

  it('refuses what is still in the way of others when its time is over', async () => {
    const budget = budgetOf();
    await pick(0).reserve(claimOf({ budgets: [budget], bound: usd(0.9) }));
    const admission = await pick(1).reserve(claimOf({ budgets: [budget], bound: usd(0.5) }));
    expect(admission).toMatchObject({ kind: 'refused', by: budget, state: { reserved: usd(0.9), settled: 0 } });
    expect(admission.waitedMs).toBeGreaterThanOrEqual(WAIT_MS);
    expect(admission.waitedMs).toBeLessThan(WAIT_MS + 500);
  });

  it('lets them in in order of arrival, also where a later one would fit earlier', async () => {
    const budget = budgetOf();
    const gate = pick(0);
    const half = async () => gate.reserve(claimOf({ budgets: [budget], bound: usd(0.5) }));
    const holds = [await half(), await half()];
    const order: number[] = [];
    const waiting = [0.8, 0.1, 0.1, 0.6].map(async (bound, index) => {
      const admission = await make(gate, claimOf({ budgets: [budget], bound: usd(bound) }), 0);
      order.push(index);
      return admission;
    });
    for (const hold of holds) {
      await delay(50);
      if (hold.kind === 'admitted') gate.settle(hold.reservation, nanoUsd(0), 0);
    }
    expect(admitted(await Promise.all(waiting))).toBe(4);
    expect(order[0]).toBe(0);
    expect(order[3]).toBe(3);
  });

  it('keeps nobody waiting who needs another budget, and holds nothing of that one meanwhile', async () => {
    const [full, roomy] = [budgetOf(), budgetOf({ limit: usd(2), scope: 'team' })];
    const gate = pick(0);
    const held = await gate.reserve(claimOf({ budgets: [full], bound: usd(1) }));
    const waiting = gate.reserve(claimOf({ budgets: [full, roomy], bound: usd(0.5) }));
    expect(await pick(1).reserve(claimOf({ budgets: [roomy], bound: usd(2) }))).toMatchObject({
      kind: 'admitted',
      waitedMs: 0,
    });
    if (held.kind === 'admitted') gate.settle(held.reservation, nanoUsd(0), 0);
    expect(await waiting).toMatchObject({ kind: 'refused', by: roomy });
    expect((await gate.state(full)).reserved).toBe(0);
  });

  it('forgets who went away while waiting', async () => {
    const budget = budgetOf();
    const gate = pick(0);
    const held = await gate.reserve(claimOf({ budgets: [budget], bound: usd(1) }));
    let gone = false;
    const leaving = gate.reserve(claimOf({ budgets: [budget], bound: usd(0.9), abandoned: () => gone }));
    const staying = gate.reserve(claimOf({ budgets: [budget], bound: usd(0.2) }));
    gone = true;
    expect(await leaving).toMatchObject({ kind: 'abandoned' });
    if (held.kind === 'admitted') gate.settle(held.reservation, usd(0.8), 0);
    expect(await staying).toMatchObject({ kind: 'admitted', remaining: 0 });
  });
}
