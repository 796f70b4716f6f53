import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Providers that are made by the API. Of a credential there are only the id of its sealed secret, its last characters
 * and its weight. A deleted one stays as a row: replicas learn of it by its revision, and rows of the ledger name it.
 */
export class CreateProviders1764000001100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE cerebra.providers (
        id                text        PRIMARY KEY,
        name              text        NOT NULL,
        kind              text        NOT NULL,
        base_url          text,
        credentials       jsonb       NOT NULL,
        credential_header text,
        catalogue         text,
        models            text[]      NOT NULL,
        headers           jsonb       NOT NULL,
        enabled           boolean     NOT NULL,
        created_at        timestamptz NOT NULL,
        updated_at        timestamptz NOT NULL,
        deleted_at        timestamptz,
        revision          bigint      NOT NULL
      )`);
    await runner.query('CREATE UNIQUE INDEX providers_name ON cerebra.providers (name) WHERE deleted_at IS NULL');
    await runner.query('CREATE INDEX providers_revision ON cerebra.providers (revision)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE cerebra.providers');
  }
}
