import { describe, expect, it } from '@jest/globals';
import { instant } from '../../../platform/time.js';
import { nanoUsd } from '../../pricing/money.js';
import { GateCounts } from '../gate-counts.js';
import type { Operation } from './operation.js';
import type { Reply } from './operations.js';
import { Settlements } from './settlements.js';

const settlement = (callId: string, cost = 1): Operation => ({
  name: 'settle',
  callId,
  epoch: '',
  amount: nanoUsd(cost),
  least: nanoUsd(0),
  behind: -1,
  sharers: 1,
  rate: null,
  used: 0,
  endedAt: instant(0),
  windows: [],
});

/** A store that answers, or not. */
function setUp(most?: number) {
  const store = { up: false };
  const told: string[] = [];
  const warnings: string[] = [];
  const counts = new GateCounts();
  const submit = ({ callId, amount }: Operation): Promise<Reply> => {
    if (!store.up) return Promise.resolve({ kind: 'away' });
    told.push(`${callId} ${amount}`);
    return Promise.resolve({ kind: 'settled', epoch: 'e' });
  };
  const settlements = new Settlements(
    { submit },
    { plant: () => Promise.resolve(true) },
    counts,
    { warn: (message: unknown) => void warnings.push(String(message)) },
    most,
  );
  return { store, told, warnings, counts, settlements };
}

describe('settlements', () => {
  it('are told again when the store is back, each once, the first one of a call', async () => {
    const { store, told, settlements } = setUp();
    for (const operation of [settlement('c1', 5), settlement('c2'), settlement('c1', 9)]) settlements.add(operation);
    await settlements.retell();
    expect(told).toEqual([]);
    store.up = true;
    await settlements.retell();
    await settlements.retell();
    expect(told).toEqual(['c1 5', 'c2 1']);
  });

  it('drop the oldest beyond their bound, and say so once', async () => {
    const { store, told, counts, warnings, settlements } = setUp(3);
    for (let call = 1; call <= 5; call++) settlements.add(settlement(`c${call}`));
    await settlements.retell();
    expect(counts.dropped).toBe(2);
    expect(warnings).toHaveLength(1);
    store.up = true;
    await settlements.retell();
    expect(told).toEqual(['c3 1', 'c4 1', 'c5 1']);
  });

  it('are waited for when the process stops, but not for longer than is given', async () => {
    const { store, told, settlements } = setUp();
    settlements.add(settlement('c1'));
    await settlements.drain(30);
    expect(told).toEqual([]);
    store.up = true;
    await settlements.drain(5_000);
    expect(told).toEqual(['c1 1']);
  });
});
