import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Organisations, teams and agents. A deleted one stays as a row: the ledger names it, and replicas learn of it. */
export class CreateOwners1764000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE cerebra.owners (
        kind       text        NOT NULL CHECK (kind IN ('org', 'team', 'agent')),
        id         text        NOT NULL,
        name       text        NOT NULL,
        org_id     text,
        team_id    text,
        origin     text        NOT NULL CHECK (origin IN ('api', 'header')),
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        deleted_at timestamptz,
        revision   bigint      NOT NULL,
        PRIMARY KEY (kind, id)
      )`);
    await runner.query('CREATE INDEX owners_revision ON cerebra.owners (revision)');
    await runner.query('CREATE INDEX owners_newest ON cerebra.owners (kind, created_at DESC, id DESC)');
    await this.takeOver(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE cerebra.owners');
    await runner.query("DELETE FROM cerebra.revisions WHERE name = 'hierarchy'");
  }

  /** Keys named them before they existed. */
  private async takeOver(runner: QueryRunner): Promise<void> {
    await runner.query("INSERT INTO cerebra.revisions (name, revision) VALUES ('hierarchy', 1)");
    for (const kind of ['org', 'team', 'agent']) {
      await runner.query(`
        INSERT INTO cerebra.owners (kind, id, name, origin, created_at, updated_at, revision)
        SELECT '${kind}', ${kind}_id, ${kind}_id, 'api', min(created_at), min(created_at), 1
        FROM cerebra.keys WHERE ${kind}_id IS NOT NULL AND revoked_at IS NULL GROUP BY ${kind}_id`);
    }
  }
}
