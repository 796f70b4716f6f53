import { Inject, Injectable } from '@nestjs/common';
import { invalid } from '../../platform/errors/platform.errors.js';
import type { Period } from '../../platform/http/period.js';
import { toIso, type Clock, type Instant } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import { intervalsOf, type TrendInterval } from './intervals.pure.js';
import { longPeriodOf } from './long-period.js';
import { toSums, type SumsRow } from './sums.js';
import type { TrendsQuery, TrendsReply } from './trends.dto.js';
import { usageOf, type Usage } from './usage.js';
import { UsageRepository, type GroupId, type IntervalRow, type UsageQueries } from './usage.repository.js';

/** For each group, which bounds the reply. 41 days of hours. */
const MOST_INTERVALS = 1_000;

const NOTHING: SumsRow = {
  requests: '0',
  refused_requests: '0',
  failed_requests: '0',
  cost_pico: '0',
  savings_pico: '0',
  tokens: '0',
  avg_latency_ms: null,
};

interface Line {
  readonly id: GroupId;
  /** What its points say of the group. */
  readonly label: { readonly group?: GroupId; readonly group_name?: string | null };
}

@Injectable()
export class TrendsService {
  constructor(
    @Inject(UsageRepository) private readonly usage: UsageRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  trend({ interval, group_by, limit, ...filter }: TrendsQuery): Promise<TrendsReply> {
    const now = this.clock.now();
    const period = longPeriodOf(filter, now);
    const starts = boundedIntervals(period, interval);
    const usage = usageOf({ ...filter, ...period }, interval === 'week' ? 'day' : interval, now);
    const grouping = group_by ?? null;
    return this.usage.read(async (queries) => {
      const { lines, total } = await linesOf(queries, usage, grouping, limit);
      const ids = lines.map(({ id }) => id);
      const rows = await queries.intervals(usage, interval, grouping, ids);
      return {
        from: toIso(period.from),
        to: toIso(period.to),
        interval,
        group_by: grouping,
        data: lines.flatMap((line) => pointsOf(line, starts, rows)),
        total,
      };
    });
  }
}

function boundedIntervals(period: Period, interval: TrendInterval): Instant[] {
  const starts = intervalsOf(period, interval);
  if (starts.length > MOST_INTERVALS) {
    throw invalid({ interval: `Expected at most ${MOST_INTERVALS} intervals; the period has ${starts.length}.` });
  }
  return starts;
}

async function linesOf(
  queries: UsageQueries,
  usage: Usage,
  grouping: TrendsQuery['group_by'] | null,
  limit: number,
): Promise<{ lines: Line[]; total: number }> {
  if (grouping === null || grouping === undefined) return { lines: [{ id: null, label: {} }], total: 1 };
  const groups = await queries.groups(usage, grouping, limit);
  const lines = groups.map(({ dimension_id: id, dimension_name }) => ({
    id,
    label: { group: id, group_name: dimension_name ?? id },
  }));
  return { lines, total: Number(groups[0]?.groups ?? 0) };
}

function pointsOf(line: Line, starts: readonly Instant[], rows: readonly IntervalRow[]): TrendsReply['data'] {
  const own = new Map(
    rows.filter(({ dimension_id }) => dimension_id === line.id).map((row) => [row.began.getTime(), row]),
  );
  return starts.map((start) => ({
    timestamp: toIso(start),
    ...line.label,
    ...toSums(own.get(start) ?? NOTHING),
  }));
}
