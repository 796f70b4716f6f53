import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { maintainPartitions } from '../../../platform/database/partitions.js';
import { Schedules } from '../../../platform/jobs/schedules.js';
import { instant, toIso, type Clock } from '../../../platform/time.js';
import { CLOCK, CONFIG, LOGGER } from '../../../platform/tokens.js';
import { chargesTable } from '../../charges/charges-table.js';
import type { EconomistConfig } from '../../economist.config.js';
import { UploadStore } from '../../uploads/upload-store.js';
import { KnownDeliveries } from '../deliveries/known-deliveries.repository.js';
import { dropLeftoverStaging } from '../loading/staging.js';
import { RunWork } from '../runner/run-work.repository.js';
import { runRequest } from '../runs/run-request.js';

/** Off the hour, when everybody else's jobs run. */
const HOURLY = '37 * * * *';
const MONTHS_AHEAD = 2;
const DAY_MS = 86_400_000;

/**
 * Makes the months ahead of the charges, and forgets what nobody needs any more: staged rows of dead workers, uploads
 * that no run took, old runs. Groups of the daily sums stay, even those that no sum uses now: they are few, and a
 * corrected slice mostly brings them back.
 */
@Injectable()
export class LedgerUpkeep implements OnModuleInit {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Schedules) private readonly schedules: Schedules,
    @Inject(RunWork) private readonly work: RunWork,
    @Inject(UploadStore) private readonly uploads: UploadStore,
    @Inject(KnownDeliveries) private readonly deliveries: KnownDeliveries,
    @Inject(CONFIG) private readonly config: EconomistConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.schedules.add({ name: 'ingestion.upkeep', cron: HOURLY, run: () => this.run() });
  }

  async run(): Promise<void> {
    const now = this.clock.now();
    await maintainPartitions(this.dataSource, { ...chargesTable, ahead: MONTHS_AHEAD, retentionDays: null, now });
    const unfinished = await this.work.unfinished();
    const staged = await dropLeftoverStaging(this.dataSource.manager);
    const requests = unfinished.map(({ request }) => runRequest.parse(request));
    const inUse = requests.flatMap((request) => (request.kind === 'upload' ? [request.upload_id] : []));
    const uploads = await this.uploads.deleteOlderThan(instant(now - DAY_MS), inUse);
    const oldest = instant(now - this.config.runRetentionDays * DAY_MS);
    await this.deliveries.forgetUnseenSince(oldest);
    // Their rejected and repaired rows go with them.
    await this.dataSource.query('DELETE FROM economist.runs WHERE completed_at < $1', [toIso(oldest)]);
    await this.dataSource.query('DELETE FROM economist.provider_usage WHERE day < $1::date', [toIso(oldest)]);
    if (staged + uploads > 0) this.log.info({ staged, uploads }, 'Leftovers of ingestion were removed.');
  }
}
