import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { toIso, type Instant } from '../../../platform/time.js';
import type { RowCounts } from '../runs/run.js';
import type { RunRow } from '../runs/run.entity.js';
import type { DeliveredSlice } from '../swap/swap-plan.pure.js';
import type { LoadedDelivery } from './loaded-delivery.js';

/** A delivery that a run has brought in, whose content has not changed since. */
export interface KnownDelivery {
  readonly key: string;
  readonly runId: string;
  readonly counts: RowCounts;
  readonly slices: readonly DeliveredSlice[];
}

const known = z.array(
  z.object({
    run_id: z.string(),
    accepted_rows: z.coerce.number(),
    repaired_rows: z.coerce.number(),
    rejected_rows: z.coerce.number(),
    slices: z.array(
      z.object({
        billingAccount: z.string().nullable(),
        billingMonth: z.string(),
        digest: z.string(),
        rows: z.number(),
      }),
    ),
  }),
);

/** `economist.deliveries`: what each delivery of a source held when it was read last. */
@Injectable()
export class KnownDeliveries {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** @returns null where it has not been read yet, or holds something else now */
  async find(sourceId: string, key: string, fingerprint: Buffer): Promise<KnownDelivery | null> {
    const rows: unknown = await this.dataSource.query(
      `SELECT run_id, accepted_rows, repaired_rows, rejected_rows, slices
       FROM economist.deliveries WHERE source_id = $1 AND key = $2 AND fingerprint = $3`,
      [sourceId, key, fingerprint],
    );
    const [row] = known.parse(rows);
    if (row === undefined) return null;
    const counts = { accepted: row.accepted_rows, repaired: row.repaired_rows, rejected: row.rejected_rows };
    return { key, runId: row.run_id, counts, slices: row.slices };
  }

  /** Within the transaction that brings it in; one that cannot be recognised is forgotten. */
  async remember(manager: EntityManager, run: RunRow, delivery: LoadedDelivery, at: Date): Promise<void> {
    const { key, fingerprint, slices, counts } = delivery;
    if (fingerprint === null) {
      await manager.query('DELETE FROM economist.deliveries WHERE source_id = $1 AND key = $2', [run.sourceId, key]);
      return;
    }
    await manager.query(
      `INSERT INTO economist.deliveries (source_id, key, fingerprint, slices, accepted_rows, repaired_rows,
         rejected_rows, run_id, seen_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (source_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, slices = excluded.slices, accepted_rows = excluded.accepted_rows,
         repaired_rows = excluded.repaired_rows, rejected_rows = excluded.rejected_rows,
         run_id = excluded.run_id, seen_at = excluded.seen_at`,
      [
        run.sourceId,
        key,
        fingerprint,
        JSON.stringify(slices),
        counts.accepted,
        counts.repaired,
        counts.rejected,
        run.id,
        at,
      ],
    );
  }

  /** It was delivered again as it was. */
  async noteSeen(manager: EntityManager, run: RunRow, key: string, at: Date): Promise<void> {
    await manager.query('UPDATE economist.deliveries SET run_id = $3, seen_at = $4 WHERE source_id = $1 AND key = $2', [
      run.sourceId,
      key,
      run.id,
      at,
    ]);
  }

  /** Those that have not come again: should they, they are read once more, and change nothing. */
  async forgetUnseenSince(time: Instant): Promise<void> {
    await this.dataSource.query('DELETE FROM economist.deliveries WHERE seen_at < $1', [toIso(time)]);
  }
}
