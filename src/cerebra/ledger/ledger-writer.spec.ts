import { expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { LedgerWriter } from './ledger-writer.js';

it('stops at the deadline of the drain, however much is left in the spool', async () => {
  let [inserts, isClosed, insertsAfterClose] = [0, false, 0];
  const batch = { rows: [Buffer.from('row\n')], committed: () => undefined, failed: () => undefined };
  const store = {
    insert: async () => {
      inserts += 1;
      if (isClosed) insertsAfterClose += 1;
      await delay(5);
    },
    close: async () => void (isClosed = true),
  };
  const spool = { read: async () => batch, flush: async () => undefined, onArrival: () => undefined };
  const writer = new LedgerWriter(spool, store, pino({ level: 'silent' }));
  writer.start();
  await writer.drain(50);
  expect(inserts).toBeGreaterThan(1);
  expect(insertsAfterClose).toBe(0);
});
