import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys of the management API. The key itself is shown once and never stored: only its SHA-256 digest is. */
export class CreateAccessKeys1764000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE platform.access_keys (
        id         text        PRIMARY KEY,
        name       text        NOT NULL,
        role       text        NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
        modules    text[],
        digest     bytea       NOT NULL UNIQUE CHECK (length(digest) = 32),
        prefix     text        NOT NULL,
        created_at timestamptz NOT NULL,
        created_by text,
        expires_at timestamptz,
        revoked_at timestamptz
      )`);
    await runner.query('CREATE INDEX access_keys_newest ON platform.access_keys (created_at DESC, id DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE platform.access_keys');
  }
}
