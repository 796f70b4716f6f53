import type { EntityManager } from 'typeorm';
import { dropFromRollups } from './rollups.js';

/** Takes slices out of the ledger: their charges and all sums of them. Within the transaction of their swap. */
export async function dropSlices(manager: EntityManager, sliceIds: readonly string[]): Promise<void> {
  if (sliceIds.length === 0) return;
  await dropFromRollups(manager, sliceIds);
  await manager.query('DELETE FROM economist.charges WHERE slice_id = ANY($1::bigint[])', [sliceIds]);
  await manager.query('DELETE FROM economist.slices WHERE id = ANY($1::bigint[])', [sliceIds]);
}
