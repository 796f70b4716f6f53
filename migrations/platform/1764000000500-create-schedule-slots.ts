import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which moments of which schedules have been taken, so that one replica fires each. Purged after two days. */
export class CreateScheduleSlots1764000000500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE platform.schedule_slots (
        context  text        NOT NULL,
        schedule text        NOT NULL,
        slot     timestamptz NOT NULL,
        PRIMARY KEY (context, schedule, slot)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE platform.schedule_slots');
  }
}
