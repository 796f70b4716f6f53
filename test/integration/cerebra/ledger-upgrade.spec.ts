import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { nanoUsd, toPicoUsd } from '../../../src/cerebra/pricing/money.js';
import { endedRow, lostRow } from '../../../src/cerebra/ledger/row.pure.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { callId, makeCall, makeDataDir, migrateCerebra, query, removeDataDir, startLedger } from './ledger-fixture.js';

let database: TestDatabase;
let dataDir: string;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrateCerebra(database.url);
  dataDir = await makeDataDir();
});
afterAll(async () => {
  await database.drop();
  await removeDataDir(dataDir);
});

/** As rows were before searches, tiers and the newer kinds of tokens: six columns shorter. */
const firstFormat = (row: string): string => `${row.split('\t').slice(0, -6).join('\t')}\n`;

it('rows and intents that an earlier version left on disk are in the ledger after the first start of this one', async () => {
  const left = join(dataDir, 'cerebra', 'spool', 'left');
  await mkdir(left, { recursive: true });
  const ended = firstFormat(endedRow(makeCall(1)));
  const open = firstFormat(lostRow(makeCall(2), toPicoUsd(nanoUsd(5))));
  await writeFile(join(left, '00000001.log'), `I\t${ended}I\t${open}R\t${ended}`);

  const ledger = await startLedger({ dataDir, databaseUrl: database.url });
  await ledger.recovered;
  await ledger.onApplicationShutdown();
  const rows = await query(
    database.url,
    `SELECT id, outcome, input_tokens, cache_write_tokens, image_output_tokens, web_searches, tier, cost_pico
     FROM cerebra.requests ORDER BY id`,
  );
  const none = { cache_write_tokens: '0', image_output_tokens: '0', web_searches: 0, tier: null };
  expect(rows).toEqual([
    { id: callId(1), outcome: 'ok', input_tokens: '100', ...none, cost_pico: '151900001' },
    { id: callId(2), outcome: 'lost', input_tokens: '0', ...none, cost_pico: '5000' },
  ]);
});
