import { ReportsController } from '../../../src/cerebra/analytics/reports.controller.js';
import { ReportsService } from '../../../src/cerebra/analytics/reports.service.js';
import { SummaryController } from '../../../src/cerebra/analytics/summary.controller.js';
import { SummaryService } from '../../../src/cerebra/analytics/summary.service.js';
import { TrendsController } from '../../../src/cerebra/analytics/trends.controller.js';
import { TrendsService } from '../../../src/cerebra/analytics/trends.service.js';
import { UsageRepository } from '../../../src/cerebra/analytics/usage.repository.js';
import { RequestsController } from '../../../src/cerebra/ledger/requests.controller.js';
import { RequestsRepository } from '../../../src/cerebra/ledger/requests.repository.js';
import { serveLedgerApi, type LedgerApi } from './ledger-api-fixture.js';

/** All that reads the ledger, on a real database, with a clock that stands still. */
export const serveAnalytics = (databaseUrl: string, now: number): Promise<LedgerApi> =>
  serveLedgerApi(
    databaseUrl,
    now,
    [SummaryController, TrendsController, ReportsController, RequestsController],
    [UsageRepository, SummaryService, TrendsService, ReportsService, RequestsRepository],
  );
