import type { EntityManager } from 'typeorm';

/** Charges that agree in all of these, in their day and in their currency, share a row of `economist.daily_costs`. */
export const groupColumns = [
  'provider_name',
  'publisher_name',
  'billing_account_id',
  'billing_account_name',
  'sub_account_id',
  'sub_account_name',
  'service_category',
  'service_subcategory',
  'service_name',
  'region_id',
  'region_name',
  'charge_category',
  'charge_class',
  'charge_frequency',
  'pricing_category',
  'commitment_discount_status',
] as const;

const GROUP = groupColumns.join(', ');
const SUMS = 'sum(billed), sum(effective), sum(contracted), sum(list), sum(charges)';

// One pass over the slice's charges; all else is made of the few rows that come out.
const SUMMED = `
  CREATE TEMPORARY TABLE slice_sums ON COMMIT DROP AS
  SELECT sha256(convert_to(jsonb_build_array($2::text, ${GROUP})::text, 'UTF8')) AS digest, ${GROUP},
    (charge_period_start AT TIME ZONE 'UTC')::date AS day, billing_currency AS currency, tags,
    sum(billed_cost) AS billed, coalesce(sum(effective_cost), 0) AS effective,
    coalesce(sum(contracted_cost), 0) AS contracted, coalesce(sum(list_cost), 0) AS list, count(*) AS charges
  FROM economist.charges WHERE slice_id = $1
  GROUP BY ${GROUP}, day, currency, tags`;

// In order, so that two runs that bring the same groups wait for each other and never both.
const GROUPS = `
  INSERT INTO economist.cost_groups (digest, source_id, ${GROUP})
  SELECT DISTINCT ON (digest) digest, $1, ${GROUP} FROM slice_sums ORDER BY digest ON CONFLICT (digest) DO NOTHING`;

const TAG_DIGEST = `sha256(convert_to(tags::text, 'UTF8'))`;
const TAG_SETS = `
  INSERT INTO economist.tag_sets (digest, tags)
  SELECT DISTINCT ON (digest) ${TAG_DIGEST} AS digest, tags FROM slice_sums ORDER BY digest
  ON CONFLICT (digest) DO NOTHING`;

const DAILY_COSTS = `
  INSERT INTO economist.daily_costs
  SELECT day, g.id, $1, currency, ${SUMS} FROM slice_sums JOIN economist.cost_groups AS g USING (digest)
  GROUP BY day, g.id, currency`;

const DAILY_TAG_COSTS = `
  INSERT INTO economist.daily_tag_costs
  SELECT day, g.id, t.id, $1, currency, ${SUMS}
  FROM slice_sums AS s
  JOIN economist.cost_groups AS g USING (digest)
  JOIN economist.tag_sets AS t ON t.digest = sha256(convert_to(s.tags::text, 'UTF8'))
  GROUP BY day, g.id, t.id, currency`;

const MONTHLY_RESOURCES = `
  INSERT INTO economist.monthly_resources
  SELECT DISTINCT date_trunc('month', charge_period_start, 'UTC')::date, g.id, $1::bigint, resource_id
  FROM economist.charges AS c
  JOIN economist.cost_groups AS g
    ON g.digest = sha256(convert_to(jsonb_build_array($2::text, ${groupColumns.map((name) => `c.${name}`).join(', ')})::text, 'UTF8'))
  WHERE slice_id = $1 AND resource_id IS NOT NULL`;

const INVOICES = `
  INSERT INTO economist.slice_invoices
  SELECT slice_id, invoice_id, billing_currency, sum(billed_cost), coalesce(sum(effective_cost), 0), count(*)
  FROM economist.charges WHERE slice_id = $1 GROUP BY slice_id, invoice_id, billing_currency`;

const KEPT = ['daily_costs', 'daily_tag_costs', 'monthly_resources', 'slice_invoices'] as const;

/** Sums a slice whose charges are in place. Within the transaction of its swap. */
export async function addToRollups(manager: EntityManager, sliceId: string, sourceId: string): Promise<void> {
  await manager.query(SUMMED, [sliceId, sourceId]);
  await manager.query(GROUPS, [sourceId]);
  await manager.query(TAG_SETS);
  await manager.query(DAILY_COSTS, [sliceId]);
  await manager.query(DAILY_TAG_COSTS, [sliceId]);
  await manager.query(MONTHLY_RESOURCES, [sliceId, sourceId]);
  await manager.query(INVOICES, [sliceId]);
  await manager.query('DROP TABLE slice_sums');
}

/** Forgets the sums of a slice. Groups and tag sets stay: other slices share them. */
export async function dropFromRollups(manager: EntityManager, sliceId: string): Promise<void> {
  for (const table of KEPT) await manager.query(`DELETE FROM economist.${table} WHERE slice_id = $1`, [sliceId]);
}
