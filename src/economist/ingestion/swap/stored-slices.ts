import type { EntityManager } from 'typeorm';
import { identityOf, type DeliveredSlice, type StoredSlice } from './swap-plan.pure.js';

/** What a slice costs in one currency, exactly. */
export interface SliceCost {
  readonly currency: string;
  readonly billed: string;
  readonly effective: string;
}

const firstDay = (month: string): string => `${month}-01`;

/** The source's slices of these billing months (`YYYY-MM`). */
export async function slicesOf(
  manager: EntityManager,
  sourceId: string,
  months: readonly string[],
): Promise<StoredSlice[]> {
  const rows = await manager.query<
    { id: string; account: string | null; month: string; digest: string; rows: string }[]
  >(
    `SELECT id, billing_account AS account, to_char(billing_month, 'YYYY-MM') AS month, encode(digest, 'hex') AS digest,
       charges AS rows
     FROM economist.slices WHERE source_id = $1 AND billing_month = ANY($2::date[])`,
    [sourceId, months.map(firstDay)],
  );
  return rows.map(({ id, account, month, digest, rows: count }) => ({
    id,
    billingAccount: account,
    billingMonth: month,
    digest,
    rows: Number(count),
  }));
}

/** @returns the slices' ids, by their identity */
export async function insertSlices(
  manager: EntityManager,
  sourceId: string,
  slices: readonly DeliveredSlice[],
  at: Date,
): Promise<ReadonlyMap<string, string>> {
  const rows = await manager.query<{ id: string; account: string | null; month: string }[]>(
    `INSERT INTO economist.slices (source_id, billing_account, billing_month, digest, charges, loaded_at)
     SELECT $1, account, month, decode(digest, 'hex'), charges, $6
     FROM unnest($2::text[], $3::date[], $4::text[], $5::bigint[]) AS s (account, month, digest, charges)
     RETURNING id, billing_account AS account, to_char(billing_month, 'YYYY-MM') AS month`,
    [
      sourceId,
      slices.map(({ billingAccount }) => billingAccount),
      slices.map(({ billingMonth }) => firstDay(billingMonth)),
      slices.map(({ digest }) => digest),
      slices.map(({ rows: count }) => count),
      at,
    ],
  );
  return new Map(
    rows.map(({ id, account, month }) => [identityOf({ billingAccount: account, billingMonth: month }), id]),
  );
}

/** By slice, from the sums that are kept of it. */
export async function costsOf(
  manager: EntityManager,
  sliceIds: readonly string[],
): Promise<ReadonlyMap<string, SliceCost[]>> {
  const rows = await manager.query<(SliceCost & { slice_id: string })[]>(
    `SELECT slice_id, currency, sum(billed)::text AS billed, sum(effective)::text AS effective
     FROM economist.slice_invoices WHERE slice_id = ANY($1::bigint[]) GROUP BY slice_id, currency ORDER BY currency`,
    [sliceIds],
  );
  const costs = new Map<string, SliceCost[]>();
  for (const { slice_id: id, ...cost } of rows) costs.set(id, [...(costs.get(id) ?? []), cost]);
  return costs;
}
