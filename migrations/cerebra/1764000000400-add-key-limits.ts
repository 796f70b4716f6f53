import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a key may ask for a minute and at one time, and whether its calls are cut to what a budget allows. */
export class AddKeyLimits1764000000400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE cerebra.keys
        ADD COLUMN limits       jsonb,
        ADD COLUMN clamp_output boolean NOT NULL DEFAULT false`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE cerebra.keys DROP COLUMN limits, DROP COLUMN clamp_output');
  }
}
