import { Inject, Injectable } from '@nestjs/common';
import { toIso, type Clock } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import type { RequestFilter } from '../ledger/request-filter.js';
import type { Grouping } from './grouping.js';
import { longPeriodOf } from './long-period.js';
import { toPart, type Report, type ReportPart } from './reports.dto.js';
import { toSums } from './sums.js';
import { usageOf } from './usage.js';
import { UsageRepository } from './usage.repository.js';

const MOST_PARTS = 100;
const TOP_AGENTS = 10;

@Injectable()
export class ReportsService {
  constructor(
    @Inject(UsageRepository) private readonly usage: UsageRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  report(filter: Partial<RequestFilter>): Promise<Report> {
    const now = this.clock.now();
    const period = longPeriodOf(filter, now);
    const usage = usageOf({ ...filter, ...period }, 'month', now);
    return this.usage.read(async (queries) => {
      const by = async (grouping: Grouping, limit: number): Promise<ReportPart[]> =>
        (await queries.groups(usage, grouping, limit)).map(toPart);
      return {
        period: { from: toIso(period.from), to: toIso(period.to) },
        ...toSums(await queries.totals(usage)),
        cost_by_provider: await by('provider', MOST_PARTS),
        cost_by_model: await by('model', MOST_PARTS),
        cost_by_team: await by('team', MOST_PARTS),
        top_agents: await by('agent', TOP_AGENTS),
      };
    });
  }
}
