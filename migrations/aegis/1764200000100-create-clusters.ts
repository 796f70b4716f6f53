import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Clusters that are protected or restored to. The credential is a sealed secret of the platform; here is its id. What
 * makes no sense without its cluster references it, so that a cluster in use cannot be deleted; backups keep its name
 * instead, since they are needed most when the cluster is gone.
 */
export class CreateClusters1764200000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE aegis.clusters (
        id            text        PRIMARY KEY,
        name          text        NOT NULL CONSTRAINT clusters_one_name UNIQUE,
        server        text        NOT NULL,
        context       text,
        secret_id     text,
        status        text        NOT NULL,
        status_reason text,
        version       text,
        checked_at    timestamptz,
        created_at    timestamptz NOT NULL,
        updated_at    timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE aegis.clusters');
  }
}
