import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Kinds of tokens with prices of their own, searches that cost a fee, and the tier in which a call was served. */
export class AddTokenBuckets1764000000500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const column of COLUMNS) await runner.query(`ALTER TABLE cerebra.requests ADD COLUMN ${column}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const column of COLUMNS) {
      await runner.query(`ALTER TABLE cerebra.requests DROP COLUMN ${column.slice(0, column.indexOf(' '))}`);
    }
  }
}

/** With defaults: for the rows that are there, and for those that replicas of an earlier version still write. */
const COLUMNS = [
  'cache_write_tokens bigint NOT NULL DEFAULT 0',
  'audio_cache_read_tokens bigint NOT NULL DEFAULT 0',
  'image_input_tokens bigint NOT NULL DEFAULT 0',
  'image_output_tokens bigint NOT NULL DEFAULT 0',
  'web_searches integer NOT NULL DEFAULT 0',
  'tier text',
];
