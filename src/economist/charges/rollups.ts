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

// One pass over the slices' charges; all else is made of the few rows that come out.
const SUMMED = `
  CREATE TEMPORARY TABLE slice_sums ON COMMIT DROP AS
  SELECT sha256(convert_to(jsonb_build_array($2::text, ${GROUP})::text, 'UTF8')) AS digest, ${GROUP}, slice_id,
    (charge_period_start AT TIME ZONE 'UTC')::date AS day, billing_currency AS currency, tags,
    sum(billed_cost) AS billed, coalesce(sum(effective_cost), 0) AS effective,
    coalesce(sum(contracted_cost), 0) AS contracted, coalesce(sum(list_cost), 0) AS list, count(*) AS charges
  FROM economist.charges WHERE slice_id = ANY($1::bigint[])
  GROUP BY ${GROUP}, slice_id, day, currency, tags`;

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
  SELECT day, g.id, slice_id, currency, ${SUMS} FROM slice_sums JOIN economist.cost_groups AS g USING (digest)
  GROUP BY day, g.id, slice_id, currency`;

const DAILY_TAG_COSTS = `
  INSERT INTO economist.daily_tag_costs
  SELECT day, g.id, t.id, slice_id, currency, ${SUMS}
  FROM slice_sums AS s
  JOIN economist.cost_groups AS g USING (digest)
  JOIN economist.tag_sets AS t ON t.digest = sha256(convert_to(s.tags::text, 'UTF8'))
  GROUP BY day, g.id, t.id, slice_id, currency`;

// Distinct first: a digest for each charge would cost more than all the rest.
const MONTHLY_RESOURCES = `
  INSERT INTO economist.monthly_resources
  SELECT month, g.id, slice_id, resource_id
  FROM (
    SELECT DISTINCT date_trunc('month', charge_period_start, 'UTC')::date AS month, slice_id, resource_id, ${GROUP}
    FROM economist.charges WHERE slice_id = ANY($1::bigint[]) AND resource_id IS NOT NULL
  ) AS c
  JOIN economist.cost_groups AS g
    ON g.digest = sha256(convert_to(jsonb_build_array($2::text, ${groupColumns.map((name) => `c.${name}`).join(', ')})::text, 'UTF8'))`;

const INVOICES = `
  INSERT INTO economist.slice_invoices
  SELECT slice_id, invoice_id, billing_currency, sum(billed_cost), coalesce(sum(effective_cost), 0), count(*)
  FROM economist.charges WHERE slice_id = ANY($1::bigint[]) GROUP BY slice_id, invoice_id, billing_currency`;

const KEPT = ['daily_costs', 'daily_tag_costs', 'monthly_resources', 'slice_invoices'] as const;

/** Sums slices of one source whose charges are in place. Within the transaction of their swap. */
export async function addToRollups(
  manager: EntityManager,
  sliceIds: readonly string[],
  sourceId: string,
): Promise<void> {
  await manager.query(SUMMED, [sliceIds, sourceId]);
  await manager.query(GROUPS, [sourceId]);
  await manager.query(TAG_SETS);
  await manager.query(DAILY_COSTS);
  await manager.query(DAILY_TAG_COSTS);
  await manager.query(MONTHLY_RESOURCES, [sliceIds, sourceId]);
  await manager.query(INVOICES, [sliceIds]);
  await manager.query('DROP TABLE slice_sums');
}

/** Forgets the sums of slices. Groups and tag sets stay: other slices share them. */
export async function dropFromRollups(manager: EntityManager, sliceIds: readonly string[]): Promise<void> {
  for (const table of KEPT) {
    await manager.query(`DELETE FROM economist.${table} WHERE slice_id = ANY($1::bigint[])`, [sliceIds]);
  }
}
