import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often each kind of setting has changed, so that every replica can notice with one small query. */
export class CreateRevisions1764000000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE cerebra.revisions (
        name     text   PRIMARY KEY,
        revision bigint NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE cerebra.revisions');
  }
}
