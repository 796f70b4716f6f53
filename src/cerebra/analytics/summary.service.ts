import { Inject, Injectable } from '@nestjs/common';
import { toIso, type Clock } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import { longPeriodOf } from './long-period.js';
import { toGroup, toSummed, type SummaryQuery, type SummaryReply } from './summary.dto.js';
import { usageOf } from './usage.js';
import { UsageRepository } from './usage.repository.js';

@Injectable()
export class SummaryService {
  constructor(
    @Inject(UsageRepository) private readonly usage: UsageRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  summarize({ group_by, limit, ...filter }: SummaryQuery): Promise<SummaryReply> {
    const now = this.clock.now();
    const period = longPeriodOf(filter, now);
    const usage = usageOf({ ...filter, ...period }, 'month', now);
    return this.usage.read(async (queries) => {
      const groups = await queries.groups(usage, group_by, limit);
      const shown = groups.map((row) => row.dimension_id);
      const latencies = await queries.latencies(usage, group_by, shown);
      const overall = await queries.latencies(usage, null, [null]);
      return {
        from: toIso(period.from),
        to: toIso(period.to),
        group_by,
        data: groups.map((row) => toGroup(group_by, row, latencies.get(row.dimension_id))),
        total: Number(groups[0]?.groups ?? 0),
        totals: toSummed(await queries.totals(usage), overall.get(null)),
      };
    });
  }
}
