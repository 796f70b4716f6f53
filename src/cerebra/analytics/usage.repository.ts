import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { justAnswered } from '../ledger/just-answered.js';
import { SpoolLedger } from '../ledger/spool-ledger.js';
import { groupingSql, type Grouping } from './grouping.js';
import type { TrendInterval } from './intervals.pure.js';
import type { Latencies } from './latency.pure.js';
import { REACHED, SUMS, type SumsRow } from './sums.js';
import type { Usage } from './usage.js';

/** Null: calls without one. */
export type GroupId = string | null;

export interface GroupRow extends SumsRow {
  readonly dimension_id: GroupId;
  readonly dimension_name: string | null;
  /** How many groups there are, beyond those that are shown. */
  readonly groups: string;
}

export interface IntervalRow extends SumsRow {
  readonly began: Date;
  readonly dimension_id: GroupId;
}

@Injectable()
export class UsageRepository {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(SpoolLedger) private readonly ledger: Pick<SpoolLedger, 'upToDate'>,
  ) {}

  /** All that is asked within sees one and the same state of the ledger, calls that were just answered included. */
  async read<Answer>(ask: (queries: UsageQueries) => Promise<Answer>): Promise<Answer> {
    await justAnswered(this.ledger);
    return this.dataSource.transaction('REPEATABLE READ', (manager) => ask(new UsageQueries(manager)));
  }
}

export class UsageQueries {
  constructor(private readonly manager: EntityManager) {}

  async totals({ sql, parameters }: Usage): Promise<SumsRow> {
    const [row] = await this.manager.query<SumsRow[]>(`SELECT ${SUMS} FROM ${sql}`, [...parameters]);
    if (row === undefined) throw new Error('An aggregate without groups gave no row.');
    return row;
  }

  /** The dearest first. */
  groups({ sql, parameters }: Usage, grouping: Grouping, limit: number): Promise<GroupRow[]> {
    const { join, id, name } = groupingSql(grouping);
    return this.manager.query<GroupRow[]>(
      `SELECT *, ${name} AS dimension_name FROM (
         SELECT ${id} AS dimension_id, ${SUMS}, count(*) OVER () AS groups
         FROM ${sql} ${join} GROUP BY 1 ORDER BY cost_pico DESC, dimension_id LIMIT ${limit}
       ) AS summary`,
      [...parameters],
    );
  }

  /** Of calls that reached a provider. */
  async latencies(
    usage: Usage,
    grouping: Grouping | null,
    ids: readonly GroupId[],
  ): Promise<ReadonlyMap<GroupId, Latencies>> {
    const { join, id } = groupingSql(grouping);
    const parameters = [...usage.parameters];
    const rows = await this.manager.query<{ dimension_id: GroupId; bucket: number; calls: string }[]>(
      `SELECT ${id} AS dimension_id, latency.bucket, sum(latency.calls) AS calls
       FROM ${usage.sql} ${join}
       CROSS JOIN LATERAL unnest(latency_buckets, latency_calls) AS latency (bucket, calls)
       WHERE ${REACHED} AND ${isOneOf(id, ids, parameters)} GROUP BY 1, 2`,
      parameters,
    );
    const byGroup = new Map<GroupId, Map<number, number>>();
    for (const { dimension_id, bucket, calls } of rows) {
      const latencies = byGroup.get(dimension_id) ?? new Map<number, number>();
      byGroup.set(dimension_id, latencies.set(bucket, Number(calls)));
    }
    return byGroup;
  }

  /** Intervals without usage have no row. */
  intervals(
    usage: Usage,
    interval: TrendInterval,
    grouping: Grouping | null,
    ids: readonly GroupId[],
  ): Promise<IntervalRow[]> {
    const { join, id } = groupingSql(grouping);
    const parameters = [...usage.parameters];
    return this.manager.query<IntervalRow[]>(
      `SELECT date_trunc('${interval}', start, 'UTC') AS began, ${id} AS dimension_id, ${SUMS}
       FROM ${usage.sql} ${join} WHERE ${isOneOf(id, ids, parameters)} GROUP BY 1, 2`,
      parameters,
    );
  }
}

/** SQL: whether the row's group is among these. Null is a group too, which `= ANY` does not find. */
function isOneOf(id: string, ids: readonly GroupId[], parameters: unknown[]): string {
  const position = parameters.push(ids);
  return `(${id} = ANY($${position}::text[]) OR ${id} IS NULL AND ${ids.includes(null)})`;
}
