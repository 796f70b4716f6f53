import { setTimeout as delay } from 'node:timers/promises';
import type { SpoolLedger } from './spool-ledger.js';

const UP_TO_DATE_WITHIN_MS = 500;

/** Who looks right after a call wants to see it. A database that is away is not waited for: the query will say so. */
export async function justAnswered(ledger: Pick<SpoolLedger, 'upToDate'>): Promise<void> {
  await Promise.race([ledger.upToDate(), delay(UP_TO_DATE_WITHIN_MS, undefined, { ref: false })]);
}
