import type { EntityManager } from 'typeorm';
import { chargeColumns } from '../loading/staging.js';

const COLUMNS = chargeColumns.join(', ');
const STAGED_COLUMNS = chargeColumns.map((column) => `staged.${column}`).join(', ');

/**
 * Moves the staged rows of some slices into the ledger, in one pass over each table.
 * @param tables as the loader named them
 */
export async function insertCharges(
  manager: EntityManager,
  tables: readonly string[],
  sliceIds: readonly string[],
): Promise<void> {
  for (const table of tables) {
    // Null is a billing account too; the first condition is what can be hashed, the second what is meant.
    await manager.query(
      `INSERT INTO economist.charges (slice_id, ${COLUMNS})
       SELECT slices.id, ${STAGED_COLUMNS}
       FROM ${table} AS staged
       JOIN economist.slices
         ON slices.billing_month = staged.billing_month
           AND coalesce(slices.billing_account, '') = coalesce(staged.billing_account_id, '')
           AND slices.billing_account IS NOT DISTINCT FROM staged.billing_account_id
       WHERE slices.id = ANY($1::bigint[])`,
      [sliceIds],
    );
  }
}
