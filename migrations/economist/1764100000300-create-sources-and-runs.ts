import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where charges come from, what each run brought, and what changed in months that were already known. */
export class CreateSourcesAndRuns1764100000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE economist.sources (
        id           text        PRIMARY KEY,
        name         text        NOT NULL UNIQUE,
        type         text        NOT NULL,
        settings     jsonb       NOT NULL,
        schedule     text,
        enabled      boolean     NOT NULL,
        created_at   timestamptz NOT NULL,
        updated_at   timestamptz NOT NULL,
        last_sync_at timestamptz
      )`);
    await runner.query(`
      CREATE TABLE economist.runs (
        id                text        PRIMARY KEY,
        source_id         text        NOT NULL,
        kind              text        NOT NULL,
        status            text        NOT NULL,
        request           jsonb       NOT NULL,
        progress          jsonb       NOT NULL DEFAULT '{}',
        accepted_rows     bigint      NOT NULL DEFAULT 0,
        repaired_rows     bigint      NOT NULL DEFAULT 0,
        rejected_rows     bigint      NOT NULL DEFAULT 0,
        slices            jsonb       NOT NULL DEFAULT '[]',
        provider_requests bigint      NOT NULL DEFAULT 0,
        provider_cost_usd numeric     NOT NULL DEFAULT 0,
        waited_ms         bigint      NOT NULL DEFAULT 0,
        error             jsonb,
        cancel_asked      boolean     NOT NULL DEFAULT false,
        created_at        timestamptz NOT NULL,
        started_at        timestamptz,
        completed_at      timestamptz
      )`);
    await runner.query('CREATE INDEX runs_newest ON economist.runs (created_at DESC, id DESC)');
    await runner.query('CREATE INDEX runs_source ON economist.runs (source_id, created_at DESC)');
    for (const table of ['rejected_rows', 'repaired_rows']) {
      await runner.query(`
        CREATE TABLE economist.${table} (
          run_id      text   NOT NULL REFERENCES economist.runs ON DELETE CASCADE,
          part        text   NOT NULL,
          line        bigint NOT NULL,
          column_name text,
          code        text   NOT NULL,
          reason      text   NOT NULL,
          value       text
        )`);
      await runner.query(`CREATE INDEX ${table}_run ON economist.${table} (run_id, part, line)`);
    }
    await runner.query(`
      CREATE TABLE economist.restatements (
        id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        source_id       text        NOT NULL,
        billing_account text,
        billing_month   date        NOT NULL,
        currency        text        NOT NULL,
        old_cost        numeric     NOT NULL,
        new_cost        numeric     NOT NULL,
        run_id          text        NOT NULL,
        detected_at     timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX restatements_newest ON economist.restatements (detected_at DESC, id DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['restatements', 'repaired_rows', 'rejected_rows', 'runs', 'sources']) {
      await runner.query(`DROP TABLE economist.${table}`);
    }
  }
}
