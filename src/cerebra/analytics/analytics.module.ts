import { Module } from '@nestjs/common';
import { SummaryController } from './summary.controller.js';
import { SummaryRepository } from './summary.repository.js';

/** Questions asked of the ledger; read only. */
@Module({ controllers: [SummaryController], providers: [SummaryRepository] })
export class AnalyticsModule {}
