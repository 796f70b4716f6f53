import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.js';
import { ReportsController } from './reports.controller.js';
import { ReportsService } from './reports.service.js';
import { SummaryController } from './summary.controller.js';
import { SummaryService } from './summary.service.js';
import { TrendsController } from './trends.controller.js';
import { TrendsService } from './trends.service.js';
import { UsageRepository } from './usage.repository.js';

/** Questions asked of the ledger; read only. */
@Module({
  imports: [LedgerModule],
  controllers: [SummaryController, TrendsController, ReportsController],
  providers: [UsageRepository, SummaryService, TrendsService, ReportsService],
})
export class AnalyticsModule {}
