import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Budgets. A deleted one stays as a row, so that every replica learns of it by its revision. */
export class CreateBudgets1764000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE cerebra.budgets (
        id               text        PRIMARY KEY,
        scope            text        NOT NULL
          CHECK (scope IN ('agent', 'team', 'user', 'org', 'key', 'model', 'provider', 'tag')),
        entity_id        text        NOT NULL,
        limit_nano       bigint      NOT NULL CHECK (limit_nano BETWEEN 0 AND 9007199254740991),
        period           text        NOT NULL CHECK (period IN ('hourly', 'daily', 'weekly', 'monthly', 'total')),
        time_zone        text        NOT NULL,
        hard             boolean     NOT NULL,
        thresholds_pct   real[]      NOT NULL,
        on_store_failure text        NOT NULL CHECK (on_store_failure IN ('closed', 'open')),
        created_at       timestamptz NOT NULL,
        updated_at       timestamptz NOT NULL,
        counted_since    timestamptz NOT NULL,
        deleted_at       timestamptz,
        revision         bigint      NOT NULL
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX budgets_one_per_period ON cerebra.budgets (scope, entity_id, period)
      WHERE deleted_at IS NULL`);
    await runner.query('CREATE INDEX budgets_revision ON cerebra.budgets (revision)');
    await runner.query('CREATE INDEX budgets_newest ON cerebra.budgets (created_at DESC, id DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE cerebra.budgets');
  }
}
