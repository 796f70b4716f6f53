import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Calls that were made with an `Idempotency-Key`: running while `status` is null, then with the reply to repeat. */
export class CreateIdempotencyKeys1764000000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE platform.idempotency_keys (
        scope       bytea       PRIMARY KEY CHECK (length(scope) = 32),
        fingerprint bytea       NOT NULL CHECK (length(fingerprint) = 32),
        claim       text        NOT NULL,
        status      smallint,
        reply       bytea,
        expires_at  timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX idempotency_keys_oldest ON platform.idempotency_keys (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE platform.idempotency_keys');
  }
}
