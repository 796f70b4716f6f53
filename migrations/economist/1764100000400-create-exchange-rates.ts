import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One unit of `base` is `rate` units of `quote`, on that day. */
export class CreateExchangeRates1764100000400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE economist.exchange_rates (
        day    date    NOT NULL,
        base   text    NOT NULL,
        quote  text    NOT NULL,
        rate   numeric NOT NULL CHECK (rate > 0),
        source text    NOT NULL,
        PRIMARY KEY (base, quote, day)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE economist.exchange_rates');
  }
}
