import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Sums by day, kept with every swap, so that reports never read charges. Dimensions stand once in `cost_groups`;
 * tags, which can be as many as resources, stand apart, so that only questions about tags pay for them.
 */
export class CreateCostRollups1764100000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE economist.cost_groups (
        id                         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        digest                     bytea  NOT NULL UNIQUE,
        source_id                  text   NOT NULL,
        provider_name              text,
        publisher_name             text,
        billing_account_id         text,
        billing_account_name       text,
        sub_account_id             text,
        sub_account_name           text,
        service_category           text,
        service_subcategory        text,
        service_name               text,
        region_id                  text,
        region_name                text,
        charge_category            text,
        charge_class               text,
        charge_frequency           text,
        pricing_category           text,
        commitment_discount_status text
      )`);
    await runner.query(`
      CREATE TABLE economist.tag_sets (
        id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        digest bytea  NOT NULL UNIQUE,
        tags   jsonb  NOT NULL
      )`);
    for (const [table, more] of [
      ['daily_costs', ''],
      ['daily_tag_costs', 'tag_set_id bigint NOT NULL,'],
    ] as const) {
      await runner.query(`
        CREATE TABLE economist.${table} (
          day        date    NOT NULL,
          group_id   bigint  NOT NULL,
          ${more}
          slice_id   bigint  NOT NULL,
          currency   text    NOT NULL,
          billed     numeric NOT NULL,
          effective  numeric NOT NULL,
          contracted numeric NOT NULL,
          list       numeric NOT NULL,
          charges    bigint  NOT NULL
        )`);
      await runner.query(`CREATE INDEX ${table}_day ON economist.${table} (day)`);
      await runner.query(`CREATE INDEX ${table}_slice ON economist.${table} (slice_id)`);
    }
    await runner.query(`
      CREATE TABLE economist.monthly_resources (
        month       date   NOT NULL,
        group_id    bigint NOT NULL,
        slice_id    bigint NOT NULL,
        resource_id text   NOT NULL
      )`);
    await runner.query('CREATE INDEX monthly_resources_month ON economist.monthly_resources (month)');
    await runner.query('CREATE INDEX monthly_resources_slice ON economist.monthly_resources (slice_id)');
    await runner.query(`
      CREATE TABLE economist.slice_invoices (
        slice_id   bigint  NOT NULL,
        invoice_id text,
        currency   text    NOT NULL,
        billed     numeric NOT NULL,
        effective  numeric NOT NULL,
        charges    bigint  NOT NULL
      )`);
    await runner.query('CREATE INDEX slice_invoices_slice ON economist.slice_invoices (slice_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['slice_invoices', 'monthly_resources', 'daily_tag_costs', 'daily_costs']) {
      await runner.query(`DROP TABLE economist.${table}`);
    }
    await runner.query('DROP TABLE economist.tag_sets');
    await runner.query('DROP TABLE economist.cost_groups');
  }
}
