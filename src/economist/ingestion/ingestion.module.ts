import { Module } from '@nestjs/common';
import { SourcesModule } from '../sources/sources.module.js';
import { UploadsModule } from '../uploads/uploads.module.js';
import { AfterSwaps } from './after-swap/after-swaps.js';
import { FollowUps } from './after-swap/follow-ups.job.js';
import { DeliveryLoader } from './deliveries/delivery-loader.js';
import { KnownDeliveries } from './deliveries/known-deliveries.repository.js';
import { UnchangedDeliveries } from './deliveries/unchanged-deliveries.js';
import { ImportFiles } from './imports/import-files.js';
import { ImportsController } from './imports/imports.controller.js';
import { ImportsService } from './imports/imports.service.js';
import { IngestionMetrics } from './ingestion.metrics.js';
import { LoadingModule } from './loading/loading.module.js';
import { RestatementsController } from './restatements/restatements.controller.js';
import { RestatementsRepository } from './restatements/restatements.repository.js';
import { RunAttempts } from './runner/run-attempts.js';
import { RunDeliveries } from './runner/run-deliveries.js';
import { RunEnds } from './runner/run-ends.js';
import { RunFolders } from './runner/run-folders.js';
import { RunRunner } from './runner/run.runner.js';
import { RunWork } from './runner/run-work.repository.js';
import { SourceRuns } from './runner/source-runs.job.js';
import { ReportedRows } from './runs/reported-rows.repository.js';
import { RunEvents } from './runs/run-events.js';
import { RunsController } from './runs/runs.controller.js';
import { RunsRepository } from './runs/runs.repository.js';
import { RunsService } from './runs/runs.service.js';
import { SliceSwap } from './swap/slice-swap.js';
import { ScheduledSyncs } from './syncs/scheduled-syncs.js';
import { SyncsController } from './syncs/syncs.controller.js';
import { SyncsService } from './syncs/syncs.service.js';
import { LedgerUpkeep } from './upkeep/ledger-upkeep.js';
import { RunUpkeep } from './upkeep/run-upkeep.js';

/** From what a source delivers to charges in the ledger. */
@Module({
  imports: [LoadingModule, SourcesModule, UploadsModule],
  controllers: [ImportsController, RestatementsController, RunsController, SyncsController],
  providers: [
    AfterSwaps,
    DeliveryLoader,
    FollowUps,
    ImportFiles,
    ImportsService,
    IngestionMetrics,
    KnownDeliveries,
    LedgerUpkeep,
    ReportedRows,
    RestatementsRepository,
    RunAttempts,
    RunDeliveries,
    RunEnds,
    RunEvents,
    RunFolders,
    RunRunner,
    RunUpkeep,
    RunWork,
    RunsRepository,
    RunsService,
    ScheduledSyncs,
    SliceSwap,
    SourceRuns,
    SyncsService,
    UnchangedDeliveries,
  ],
  exports: [AfterSwaps],
})
export class IngestionModule {}
