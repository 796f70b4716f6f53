import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { nextSlot } from '../../../platform/jobs/cron.js';
import { Schedules } from '../../../platform/jobs/schedules.js';
import { instant, type Clock, type Instant } from '../../../platform/time.js';
import { CLOCK, LOGGER } from '../../../platform/tokens.js';
import type { SourceRow } from '../../sources/source.entity.js';
import { SourcesRepository } from '../../sources/sources.repository.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { SyncsService } from './syncs.service.js';

const EVERY_MINUTE = '* * * * *';

/**
 * Syncs sources by their own schedules. One look a minute at the table, instead of a timer for each source: a changed
 * schedule holds at once on every replica, and a slot that nobody was there for is met when somebody is.
 */
@Injectable()
export class ScheduledSyncs implements OnModuleInit {
  constructor(
    @Inject(Schedules) private readonly schedules: Schedules,
    @Inject(SourcesRepository) private readonly sources: SourcesRepository,
    @Inject(RunsRepository) private readonly runs: RunsRepository,
    @Inject(SyncsService) private readonly syncs: SyncsService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.schedules.add({ name: 'sources.syncs', cron: EVERY_MINUTE, run: () => this.meetDue() });
  }

  /** Starts a sync of each source whose slot has come; of several that were missed, only for the latest. */
  async meetDue(): Promise<void> {
    const now = this.clock.now();
    for (const source of await this.sources.scheduled()) {
      const slot = latestDue(source, now);
      if (slot === null || !(await this.sources.meetSlot(source.id, new Date(slot)))) continue;
      await this.sync(source);
    }
  }

  private async sync(source: SourceRow): Promise<void> {
    if (await this.runs.hasQueuedSync(source.id)) {
      this.log.warn({ source: source.name }, 'A sync was left out: the one before it has not begun yet.');
      return;
    }
    try {
      await this.syncs.start(source, {});
    } catch (error) {
      this.log.error({ err: error, source: source.name }, 'A scheduled sync could not be started.');
    }
  }
}

/** A schedule of every minute that has rested for years has millions of slots. */
const MOST_SLOTS_LOOKED_AT = 2_000;

function latestDue({ schedule, scheduledUntil }: SourceRow, now: Instant): Instant | null {
  if (schedule === null || scheduledUntil === null) return null;
  let latest: Instant | null = null;
  let after = instant(scheduledUntil.getTime());
  for (let looked = 0; looked < MOST_SLOTS_LOOKED_AT; looked += 1) {
    const slot = nextSlot(schedule, 'UTC', after);
    if (slot === null || slot > now) break;
    latest = slot;
    after = slot;
  }
  return latest;
}
