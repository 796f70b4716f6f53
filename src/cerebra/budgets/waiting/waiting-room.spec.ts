import { describe, expect, it } from '@jest/globals';
import { instant } from '../../../platform/time.js';
import { nanoUsd } from '../../pricing/money.js';
import type { Budget, Claim, Verdict } from '../budget-gate.js';
import { WaitingRoom, type Attempt } from './waiting-room.js';

const budget: Budget = {
  id: 'b1',
  scope: 'agent',
  entityId: 'a1',
  limit: nanoUsd(10),
  period: 'total',
  timeZone: 'UTC',
  hard: true,
  onStoreFailure: 'closed',
  createdAt: instant(0),
  countedSince: instant(0),
};
const state = { settled: nanoUsd(0), reserved: nanoUsd(10), windowStart: instant(0), resetsAt: null };
const full: Attempt = { kind: 'full', by: budget, state };
const yes = (callId: string): Verdict => ({
  kind: 'admitted',
  reservation: { callId, bound: nanoUsd(1), holds: [] },
  remaining: null,
  allowances: null,
});

const claimOf = (callId: string): Claim => ({
  callId,
  budgets: [budget],
  bound: nanoUsd(1),
  least: nanoUsd(1),
  rate: null,
  abandoned: () => false,
});

/** A room in front of counters that have no room until they are told to. */
function setUp(waitMs = 60_000) {
  const counters: { answer: (claim: Claim) => Attempt | Promise<Attempt> } = { answer: () => full };
  const asked: string[] = [];
  const room = new WaitingRoom(
    (claim, { behind }) => {
      asked.push(claim.callId);
      return behind ? full : counters.answer(claim);
    },
    { waitMs, pollMs: 60_000 },
  );
  return { room, counters, asked };
}

describe('a waiting room', () => {
  it('takes no more than 1,000 calls for one budget', async () => {
    const { room } = setUp();
    const waiting = Array.from({ length: 1_000 }, (_, turn) => room.admit(claimOf(`c${turn}`)));
    expect(room.size).toBe(1_000);
    expect(room.admit(claimOf('one too many'))).toMatchObject({ kind: 'refused', by: budget, waitedMs: 0 });
    room.close();
    for (const admission of await Promise.all(waiting.map(async (call) => call)))
      expect(admission.kind).toBe('refused');
    expect(room.size).toBe(0);
  });

  it('lets nobody wait where no time is given, and none once it is closed', () => {
    expect(setUp(0).room.admit(claimOf('c1'))).toMatchObject({ kind: 'refused' });
    const { room } = setUp();
    room.close();
    expect(room.admit(claimOf('c1'))).toMatchObject({ kind: 'refused' });
  });

  it('asks for one call at a time, and again when room was made meanwhile', async () => {
    const { room, counters, asked } = setUp();
    const waiting = ['c1', 'c2', 'c3'].map((id) => room.admit(claimOf(id)));
    asked.length = 0;
    const answers: ((attempt: Attempt) => void)[] = [];
    counters.answer = () => new Promise((answer) => answers.push(answer));
    room.wake(budget.id);
    expect(asked).toEqual(['c1']);
    room.wake(budget.id);
    room.wake(budget.id);
    expect(asked).toEqual(['c1']);
    answers[0]?.(full);
    await new Promise(setImmediate);
    expect(asked).toEqual(['c1', 'c1']);
    counters.answer = ({ callId }) => yes(callId);
    answers[1]?.(yes('c1'));
    expect((await Promise.all(waiting.map(async (call) => call))).map(({ kind }) => kind)).toEqual(
      Array.from({ length: 3 }, () => 'admitted'),
    );
    expect(asked).toEqual(['c1', 'c1', 'c2', 'c3']);
  });

  it('tells a call that the counters could not be asked, and goes on with the next', async () => {
    const { room, counters } = setUp();
    const [first, second] = [room.admit(claimOf('c1')), room.admit(claimOf('c2'))];
    counters.answer = ({ callId }) => (callId === 'c1' ? Promise.reject(new Error('broken')) : yes(callId));
    room.wake(budget.id);
    await expect(first).rejects.toThrow('broken');
    expect(await second).toMatchObject({ kind: 'admitted' });
    expect(room.size).toBe(0);
  });

  it('asks nothing any more when nobody waits', async () => {
    const { room, counters, asked } = setUp();
    const waiting = room.admit(claimOf('c1'));
    counters.answer = ({ callId }) => yes(callId);
    room.wake(budget.id);
    await waiting;
    await new Promise(setImmediate);
    asked.length = 0;
    room.wake(budget.id);
    expect(asked).toEqual([]);
  });
});
