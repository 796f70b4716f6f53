import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Prices that are set by the API: before the catalogue's, or where it has none. `terms` holds decimals as text, as they
 * were given. A removed one stays as a row: replicas learn of it by its revision, and rows of the ledger name it.
 */
export class CreatePrices1764000000600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE cerebra.prices (
        id         text        PRIMARY KEY,
        provider   text        NOT NULL,
        model      text        NOT NULL,
        terms      jsonb       NOT NULL,
        valid_from timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        removed_at timestamptz,
        revision   bigint      NOT NULL
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX prices_one_at_a_time ON cerebra.prices (provider, model, valid_from)
      WHERE removed_at IS NULL`);
    await runner.query('CREATE INDEX prices_revision ON cerebra.prices (revision)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE cerebra.prices');
  }
}
