// Run by ledger-crash.spec.ts in a process of its own, which it kills: makes calls until then, and says which.
import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { makeCall, startLedger } from './ledger-fixture.js';

const [dataDir = '', sync = 'interval'] = process.argv.slice(2);
// Nothing listens there: all rows stay in the spool.
const databaseUrl = 'postgres://nobody@127.0.0.1:1/nothing';
const ledger = await startLedger({ dataDir, databaseUrl, sync: sync === 'always' ? 'always' : 'interval' });

ledger.intend(makeCall(0));
for (let number = 1; ; number += 1) {
  const call = makeCall(number);
  ledger.intend(call);
  ledger.record(call);
  await (ledger.durable() ?? delay(1));
  writeSync(1, `${number} ${performance.now()}\n`);
}
