import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Virtual keys. The key itself is shown once and never stored: only its SHA-256 digest is. */
export class CreateKeys1764000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE cerebra.keys (
        id             text        PRIMARY KEY,
        name           text        NOT NULL,
        digest         bytea       NOT NULL UNIQUE CHECK (length(digest) = 32),
        prefix         text        NOT NULL,
        org_id         text,
        team_id        text,
        agent_id       text,
        user_id        text,
        allowed_models text[],
        tags           jsonb       NOT NULL DEFAULT '{}',
        created_at     timestamptz NOT NULL,
        expires_at     timestamptz,
        revoked_at     timestamptz,
        revision       bigint      NOT NULL
      )`);
    await runner.query('CREATE INDEX keys_revision ON cerebra.keys (revision)');
    await runner.query('CREATE INDEX keys_newest ON cerebra.keys (created_at DESC, id DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE cerebra.keys');
  }
}
