import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The secret that a key had before it was rotated, for as long as that is still taken. */
export class AddKeyRotation1764000001010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE cerebra.keys
        ADD COLUMN previous_digest      bytea CHECK (length(previous_digest) = 32),
        ADD COLUMN previous_valid_until timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE cerebra.keys DROP COLUMN previous_digest, DROP COLUMN previous_valid_until');
  }
}
