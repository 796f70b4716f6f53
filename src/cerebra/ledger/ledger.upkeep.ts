import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { maintainPartitions } from '../../platform/database/partitions.js';
import { Schedules } from '../../platform/jobs/schedules.js';
import { instant, type Clock } from '../../platform/time.js';
import { CLOCK, CONFIG, LOGGER } from '../../platform/tokens.js';
import type { CerebraConfig } from '../cerebra.config.js';
import { dropSumsBefore } from './expired-sums.js';
import { requestsTable } from './requests-table.js';

/** Room for an upkeep that fails over a weekend. */
const DAYS_AHEAD = 3;
const DAY_MS = 86_400_000;
/** Off the hour, when everybody else's jobs run. */
const HOURLY = '23 * * * *';

/** Makes tomorrow's partitions of the ledger; drops those past `CEREBRA_RETENTION_DAYS`, with the sums of their rows. */
@Injectable()
export class LedgerUpkeep implements OnModuleInit {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Schedules) private readonly schedules: Schedules,
    @Inject(CONFIG) private readonly config: CerebraConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.schedules.add({ name: 'ledger.upkeep', cron: HOURLY, run: () => this.run() });
  }

  async run(): Promise<void> {
    const { table, interval } = requestsTable;
    const { retentionDays } = this.config;
    const now = this.clock.now();
    const { dropped } = await maintainPartitions(this.dataSource, {
      table,
      interval,
      ahead: DAYS_AHEAD,
      retentionDays,
      now,
    });
    // Partitions are days, and one goes once all of it is too old.
    await dropSumsBefore(this.dataSource, instant(Math.floor(now / DAY_MS - retentionDays) * DAY_MS));
    if (dropped.length > 0)
      this.log.info({ dropped }, `Rows of the ledger older than ${retentionDays} days were dropped.`);
  }
}
