import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Admission, BudgetGate, Reservation } from '../../../src/cerebra/budgets/budget-gate.js';
import type { RateLimits } from '../../../src/cerebra/limits/rate-limits.js';
import { nanoUsd } from '../../../src/cerebra/pricing/money.js';
import { until } from '../../support/until.js';
import { budgetOf, claimOf, usd } from './gate-behaviours.js';

/** A key of its own; `call` asks for a call of so many tokens. */
function keyWith(limits: Partial<RateLimits>) {
  const keyId = randomUUID();
  const all: RateLimits = { rpm: null, tpm: null, parallel: null, ...limits };
  return {
    call: async (gate: BudgetGate, tokens = 0): Promise<Admission> =>
      gate.reserve(claimOf({ bound: nanoUsd(0), rate: { keyId, limits: all, tokens } })),
  };
}

function reservationOf(admission: Admission): Reservation {
  if (admission.kind !== 'admitted') throw new Error(admission.kind);
  return admission.reservation;
}

const FREE = nanoUsd(0);

/** What every gate must do for keys with limits. */
export function limitBehaviours(gates: () => readonly [BudgetGate, BudgetGate]): void {
  const pick = (turn: number): BudgetGate => gates()[turn % 2 === 0 ? 0 : 1];

  describe('calls a minute', () => {
    it('may come all at once, and no more of them however many come in parallel', async () => {
      const key = keyWith({ rpm: 20 });
      const calls = await Promise.all(Array.from({ length: 100 }, (_, turn) => key.call(pick(turn))));
      expect(calls.filter(({ kind }) => kind === 'admitted')).toHaveLength(20);
      const refused = calls.find(({ kind }) => kind === 'limited');
      expect(refused).toMatchObject({
        kind: 'limited',
        shortage: { by: 'requests', limit: 20, allowances: { requests: { limit: 20, remaining: 0 }, tokens: null } },
      });
      const retryAfterMs = refused?.kind === 'limited' ? (refused.shortage.retryAfterMs ?? 0) : 0;
      expect(retryAfterMs).toBeGreaterThan(1_000);
      expect(retryAfterMs).toBeLessThanOrEqual(3_000);
    });

    it('flow back continuously', async () => {
      const key = keyWith({ rpm: 600 });
      const burst = await Promise.all(Array.from({ length: 700 }, (_, turn) => key.call(pick(turn))));
      expect(burst.filter(({ kind }) => kind === 'admitted').length).toBeGreaterThanOrEqual(600);
      await until(async () => (await key.call(pick(0))).kind === 'admitted', 2_000);
    });

    it('are counted when the call is over, and given back when it was never made', async () => {
      const key = keyWith({ rpm: 2 });
      const [made, dropped] = [await key.call(pick(0)), await key.call(pick(0))];
      expect(made).toMatchObject({ allowances: { requests: { limit: 2, remaining: 1 } } });
      pick(0).settle(reservationOf(made), FREE, 7);
      expect(await key.call(pick(1))).toMatchObject({ kind: 'limited' });
      pick(0).settle(reservationOf(dropped), FREE, null);
      await until(async () => (await key.call(pick(1))).kind === 'admitted', 1_000);
    });
  });

  describe('tokens a minute', () => {
    it('are held as estimated, and corrected when the call is over', async () => {
      const key = keyWith({ tpm: 1_000 });
      const first = await key.call(pick(0), 900);
      expect(first).toMatchObject({ allowances: { requests: null, tokens: { limit: 1_000, remaining: 100 } } });
      expect(await key.call(pick(1), 200)).toMatchObject({ kind: 'limited', shortage: { by: 'tokens' } });
      pick(0).settle(reservationOf(first), FREE, 300);
      await until(async () => (await key.call(pick(1), 600)).kind === 'admitted', 1_000);
    });

    it('may be overdrawn by a call that said too little, and are paid back before the next', async () => {
      const key = keyWith({ tpm: 1_000 });
      pick(0).settle(reservationOf(await key.call(pick(0), 10)), FREE, 2_000);
      const shortage = async () => {
        const next = await key.call(pick(1), 10);
        return next.kind === 'limited' ? (next.shortage.retryAfterMs ?? 0) : 0;
      };
      await until(async () => (await shortage()) > 55_000, 1_000);
      expect(await shortage()).toBeLessThanOrEqual(61_000);
    });

    it('can never pay for a call that is larger than all of them', async () => {
      const key = keyWith({ tpm: 1_000 });
      expect(await key.call(pick(0), 1_001)).toMatchObject({
        kind: 'limited',
        shortage: { by: 'tokens', retryAfterMs: null, allowances: { tokens: { remaining: 1_000, resetMs: 0 } } },
      });
    });
  });

  describe('calls at one time', () => {
    it('are refused at once when there are too many, and every end makes room', async () => {
      const key = keyWith({ parallel: 10 });
      const calls = await Promise.all(Array.from({ length: 100 }, (_, turn) => key.call(pick(turn))));
      const running = calls.filter(({ kind }) => kind === 'admitted');
      expect(running).toHaveLength(10);
      expect(calls.find(({ kind }) => kind === 'limited')).toMatchObject({ shortage: { by: 'parallel' }, waitedMs: 0 });
      for (const [turn, call] of running.entries()) {
        pick(turn).settle(reservationOf(call), FREE, turn % 2 === 0 ? 5 : null);
        pick(turn).settle(reservationOf(call), FREE, 5);
      }
      await until(async () => {
        const again = await Promise.all(Array.from({ length: 11 }, (_, turn) => key.call(pick(turn))));
        const admitted = again.filter(({ kind }) => kind === 'admitted');
        for (const [turn, call] of admitted.entries()) pick(turn).settle(reservationOf(call), FREE, null);
        return admitted.length === 10;
      }, 2_000);
    });
  });

  it('are not drawn on by a call that its budget refuses', async () => {
    const budget = budgetOf({ limit: usd(1) });
    const rate = { keyId: randomUUID(), limits: { rpm: 1, tpm: null, parallel: 1 }, tokens: 0 };
    expect(await pick(0).reserve(claimOf({ budgets: [budget], bound: usd(2), rate }))).toMatchObject({
      kind: 'refused',
    });
    expect(await pick(1).reserve(claimOf({ budgets: [budget], bound: usd(1), rate }))).toMatchObject({
      kind: 'admitted',
    });
  });

  it('refuse a call without holding any of its budget', async () => {
    const budget = budgetOf({ limit: usd(1) });
    const rate = { keyId: randomUUID(), limits: { rpm: null, tpm: 5, parallel: null }, tokens: 6 };
    expect(await pick(0).reserve(claimOf({ budgets: [budget], bound: usd(1), rate }))).toMatchObject({
      kind: 'limited',
    });
    expect(await pick(1).state(budget)).toMatchObject({ reserved: 0 });
  });
}
