import type { MigrationInterface, QueryRunner } from 'typeorm';
import { chargesTable } from '../../src/economist/charges/charges-table.js';
import { createTimePartitioned } from '../../src/platform/database/partitions.js';

/** Every charge as the provider wrote it, apart by month; and the slices that they came in. */
export class CreateCharges1764100000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE economist.slices (
        id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        source_id       text        NOT NULL,
        billing_account text,
        billing_month   date        NOT NULL,
        digest          bytea       NOT NULL,
        charges         bigint      NOT NULL,
        loaded_at       timestamptz NOT NULL,
        UNIQUE NULLS NOT DISTINCT (source_id, billing_account, billing_month)
      )`);
    await createTimePartitioned(runner, { ...chargesTable, columns: COLUMNS });
    await runner.query('CREATE INDEX charges_slice ON economist.charges (slice_id)');
    await runner.query('CREATE INDEX charges_resource ON economist.charges (resource_id, charge_period_start)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE economist.charges');
    await runner.query('DROP TABLE economist.slices');
  }
}

/**
 * As FOCUS 1.2 names them. Money is `numeric` without a bound, in the row's billing currency. What the specification
 * demands may be null all the same: real files lack it, and a charge without it is still money on a bill.
 */
const COLUMNS = `
  slice_id                               bigint      NOT NULL,
  charge_period_start                    timestamptz NOT NULL,
  charge_period_end                      timestamptz,
  billing_period_start                   timestamptz NOT NULL,
  billing_period_end                     timestamptz,
  billing_currency                       text        NOT NULL,
  billed_cost                            numeric     NOT NULL,
  effective_cost                         numeric,
  contracted_cost                        numeric,
  list_cost                              numeric,
  availability_zone                      text,
  billing_account_id                     text,
  billing_account_name                   text,
  billing_account_type                   text,
  capacity_reservation_id                text,
  capacity_reservation_status            text,
  charge_category                        text,
  charge_class                           text,
  charge_description                     text,
  charge_frequency                       text,
  commitment_discount_category           text,
  commitment_discount_id                 text,
  commitment_discount_name               text,
  commitment_discount_quantity           numeric,
  commitment_discount_status             text,
  commitment_discount_type               text,
  commitment_discount_unit               text,
  consumed_quantity                      numeric,
  consumed_unit                          text,
  contracted_unit_price                  numeric,
  invoice_id                             text,
  invoice_issuer_name                    text,
  list_unit_price                        numeric,
  pricing_category                       text,
  pricing_currency                       text,
  pricing_currency_contracted_unit_price numeric,
  pricing_currency_effective_cost        numeric,
  pricing_currency_list_unit_price       numeric,
  pricing_quantity                       numeric,
  pricing_unit                           text,
  provider_name                          text,
  publisher_name                         text,
  region_id                              text,
  region_name                            text,
  resource_id                            text,
  resource_name                          text,
  resource_type                          text,
  service_category                       text,
  service_name                           text,
  service_subcategory                    text,
  sku_id                                 text,
  sku_meter                              text,
  sku_price_details                      jsonb,
  sku_price_id                           text,
  sub_account_id                         text,
  sub_account_name                       text,
  sub_account_type                       text,
  tags                                   jsonb       NOT NULL DEFAULT '{}',
  extras                                 jsonb       NOT NULL DEFAULT '{}'`;
