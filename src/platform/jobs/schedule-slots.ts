import type { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Instant } from '../time.js';

/** Far longer than a replica may be late, so that no slot is forgotten while one might still ask for it. */
const KEEP_DAYS = 2;

/** Who fires which moment of a schedule: all replicas ask, one is told yes. */
export interface ScheduleSlots {
  claim(schedule: string, slot: Instant): Promise<boolean>;
}

const claimed = z.array(z.unknown());

/** The slots of one context, in the table that the platform's migrations make. */
export class PostgresScheduleSlots implements ScheduleSlots {
  constructor(
    private readonly context: string,
    private readonly database: DataSource,
  ) {}

  async claim(schedule: string, slot: Instant): Promise<boolean> {
    const rows: unknown = await this.database.query(
      `WITH purged AS (
         DELETE FROM platform.schedule_slots WHERE context = $1 AND slot < now() - make_interval(days => $4)
       )
       INSERT INTO platform.schedule_slots (context, schedule, slot) VALUES ($1, $2, $3)
       ON CONFLICT DO NOTHING RETURNING schedule`,
      [this.context, schedule, new Date(slot), KEEP_DAYS],
    );
    return claimed.parse(rows).length === 1;
  }
}
