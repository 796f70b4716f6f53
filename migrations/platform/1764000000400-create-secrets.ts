import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Credentials under AES-256-GCM. The master key is not in here: a copy of the database opens none of them. */
export class CreateSecrets1764000000400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE platform.secrets (
        id         text        PRIMARY KEY,
        purpose    text        NOT NULL,
        key_id     text        NOT NULL,
        sealed     text        NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX secrets_by_key ON platform.secrets (key_id, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE platform.secrets');
  }
}
