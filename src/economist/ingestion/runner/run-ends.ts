import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Clock } from '../../../platform/time.js';
import { CLOCK, LOGGER } from '../../../platform/tokens.js';
import type { SourceRow } from '../../sources/source.entity.js';
import { SourcesRepository } from '../../sources/sources.repository.js';
import { FollowUps } from '../after-swap/follow-ups.job.js';
import { ImportFiles } from '../imports/import-files.js';
import { IngestionMetrics } from '../ingestion.metrics.js';
import type { RunOutcome } from './run-outcome.js';
import { RunWork } from './run-work.repository.js';

/** What is done once a run has ended, however it has. */
@Injectable()
export class RunEnds {
  constructor(
    @Inject(RunWork) private readonly work: RunWork,
    @Inject(SourcesRepository) private readonly sources: SourcesRepository,
    @Inject(ImportFiles) private readonly files: ImportFiles,
    @Inject(FollowUps) private readonly followUps: FollowUps,
    @Inject(IngestionMetrics) private readonly metrics: IngestionMetrics,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** @param source null where it was deleted meanwhile */
  async end(runId: string, source: SourceRow | null, { status, error }: RunOutcome): Promise<void> {
    const at = new Date(this.clock.now());
    const run = await this.work.finish(runId, at, status, error);
    if (run === null) return;
    await this.files.forget(run);
    if (source !== null && status.startsWith('completed')) await this.sources.noteSync(source.id, at);
    this.metrics.runEnded(run, source);
    const facts = { run: run.id, source: source?.name ?? run.sourceId, status, code: error?.code };
    this.log.info(facts, 'A run is over.');
    if (!run.followedUp) await this.followUps.enqueue(run.id);
  }
}
