import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { isDatabaseAway } from '../../../platform/errors/database-away.pure.js';
import { Schedules } from '../../../platform/jobs/schedules.js';
import { instant, type Clock } from '../../../platform/time.js';
import { CLOCK, LOGGER } from '../../../platform/tokens.js';
import { FollowUps } from '../after-swap/follow-ups.job.js';
import { RunFolders } from '../runner/run-folders.js';
import { RunWork } from '../runner/run-work.repository.js';
import { SourceRuns } from '../runner/source-runs.job.js';

const EVERY_MINUTE = '* * * * *';
/** Workers tell each second that they are at work. */
const SILENT_MS = 30_000;
/** Longer than a follow-up and its repetitions take, as a rule; one too many does no harm. */
const FOLLOW_UP_WITHIN_MS = 600_000;

/** Calls for somebody to work on runs whose worker died or whose job was lost; tidies up after them. */
@Injectable()
export class RunUpkeep implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    @Inject(Schedules) private readonly schedules: Schedules,
    @Inject(RunWork) private readonly work: RunWork,
    @Inject(RunFolders) private readonly folders: RunFolders,
    @Inject(SourceRuns) private readonly runs: SourceRuns,
    @Inject(FollowUps) private readonly followUps: FollowUps,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.schedules.add({ name: 'ingestion.forsaken', cron: EVERY_MINUTE, run: () => this.callForForsaken() });
  }

  /** Folders are this machine's own, so each process looks after them itself. */
  async onApplicationBootstrap(): Promise<void> {
    try {
      const unfinished = await this.work.unfinished();
      await this.folders.tidy(unfinished.map(({ id }) => id));
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      this.log.warn({ err: error }, 'Folders of earlier runs are left as they are: the database is away.');
    }
  }

  async callForForsaken(): Promise<void> {
    const now = this.clock.now();
    for (const source of await this.work.forsakenSources(new Date(instant(now - SILENT_MS)))) {
      await this.runs.call(source);
    }
    for (const run of await this.followUps.forgotten(new Date(instant(now - FOLLOW_UP_WITHIN_MS)))) {
      await this.followUps.enqueue(run);
    }
  }
}
