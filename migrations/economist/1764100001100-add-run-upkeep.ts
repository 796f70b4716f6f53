import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What lets a run be taken over, a source be scheduled and deleted, and a delivery that is known be passed over. */
export class AddRunUpkeep1764100001100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE economist.sources
        ADD COLUMN credentials_id  text,
        ADD COLUMN scheduled_until timestamptz,
        ADD COLUMN deleted_at      timestamptz,
        DROP CONSTRAINT sources_name_key`);
    await runner.query('CREATE UNIQUE INDEX sources_name ON economist.sources (name) WHERE deleted_at IS NULL');
    await runner.query(`
      ALTER TABLE economist.runs
        ADD COLUMN attempts        integer NOT NULL DEFAULT 0,
        ADD COLUMN alive_at        timestamptz,
        ADD COLUMN revision        bigint  NOT NULL DEFAULT 0,
        ADD COLUMN done_deliveries jsonb   NOT NULL DEFAULT '[]',
        ADD COLUMN followed_up     boolean NOT NULL DEFAULT true`);
    await runner.query(`
      CREATE INDEX runs_unfinished ON economist.runs (source_id, created_at)
      WHERE status IN ('queued', 'running')`);
    await runner.query('CREATE INDEX runs_to_follow_up ON economist.runs (completed_at) WHERE NOT followed_up');
    await runner.query(`
      CREATE TABLE economist.deliveries (
        source_id     text        NOT NULL,
        key           text        NOT NULL,
        fingerprint   bytea       NOT NULL,
        slices        jsonb       NOT NULL,
        accepted_rows bigint      NOT NULL,
        repaired_rows bigint      NOT NULL,
        rejected_rows bigint      NOT NULL,
        run_id        text        NOT NULL,
        seen_at       timestamptz NOT NULL,
        PRIMARY KEY (source_id, key)
      )`);
    await runner.query(`
      CREATE TABLE economist.provider_usage (
        source_id text    NOT NULL,
        day       date    NOT NULL,
        requests  bigint  NOT NULL,
        cost_usd  numeric NOT NULL,
        PRIMARY KEY (source_id, day)
      )`);
    await runner.query(`
      CREATE TABLE economist.uploads (
        id         text        PRIMARY KEY,
        name       text        NOT NULL,
        bytes      bigint,
        sha256     bytea,
        created_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE economist.upload_chunks (
        upload_id text    NOT NULL REFERENCES economist.uploads ON DELETE CASCADE,
        number    integer NOT NULL,
        bytes     bytea   NOT NULL,
        PRIMARY KEY (upload_id, number)
      )`);
    // Most files are packed, and those that are not are read once: no time for compressing them.
    await runner.query('ALTER TABLE economist.upload_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['upload_chunks', 'uploads', 'provider_usage', 'deliveries']) {
      await runner.query(`DROP TABLE economist.${table}`);
    }
    await runner.query('DROP INDEX economist.runs_to_follow_up, economist.runs_unfinished, economist.sources_name');
    await runner.query(`
      ALTER TABLE economist.runs
        DROP COLUMN attempts, DROP COLUMN alive_at, DROP COLUMN revision,
        DROP COLUMN done_deliveries, DROP COLUMN followed_up`);
    await runner.query(`
      ALTER TABLE economist.sources
        DROP COLUMN credentials_id, DROP COLUMN scheduled_until, DROP COLUMN deleted_at,
        ADD CONSTRAINT sources_name_key UNIQUE (name)`);
  }
}
