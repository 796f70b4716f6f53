import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every write of the management API, also the refused ones. Bodies are not kept: they may hold secrets. */
export class CreateAuditLog1764000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE platform.audit_log (
        id             text        PRIMARY KEY,
        at             timestamptz NOT NULL,
        module         text        NOT NULL,
        key_id         text,
        key_name       text,
        method         text        NOT NULL,
        route          text        NOT NULL,
        path           text        NOT NULL,
        resource_id    text,
        status         smallint    NOT NULL,
        error_code     text,
        request_id     text        NOT NULL,
        source_address text        NOT NULL
      )`);
    await runner.query('CREATE INDEX audit_log_newest ON platform.audit_log (module, at DESC, id DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE platform.audit_log');
  }
}
