import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { conditionOf, type RequestFilter } from '../ledger/request-filter.js';
import { allTokens } from '../ledger/token-columns.js';

export const groupings = ['provider', 'model', 'agent', 'team', 'org', 'user', 'key', 'route', 'tag'] as const;
export type Grouping = (typeof groupings)[number];

/** Sums over calls that reached a provider; what is larger than a double comes as text. */
export interface SummaryRow {
  readonly requests: string;
  readonly refused_requests: string;
  readonly failed_requests: string;
  readonly cost_pico: string;
  readonly savings_pico: string;
  readonly tokens: string;
  readonly avg_latency_ms: number | null;
  readonly p95_latency_ms: number | null;
}

export interface GroupRow extends SummaryRow {
  readonly dimension_id: string | null;
  readonly dimension_name: string | null;
  /** How many groups there are, beyond those that are shown. */
  readonly groups: string;
}

export interface Summary {
  readonly groups: readonly GroupRow[];
  readonly totals: SummaryRow;
}

const REACHED = `outcome <> 'refused'`;
const FAILED = `outcome IN ('upstream_error', 'upstream_cut', 'upstream_timeout')`;

const SUMS = `
  count(*) FILTER (WHERE ${REACHED}) AS requests,
  count(*) FILTER (WHERE NOT (${REACHED})) AS refused_requests,
  count(*) FILTER (WHERE ${FAILED}) AS failed_requests,
  coalesce(sum(cost_pico), 0) AS cost_pico,
  coalesce(sum(savings_pico), 0) AS savings_pico,
  coalesce(sum(${allTokens}), 0) AS tokens,
  avg(latency_ms) FILTER (WHERE ${REACHED}) AS avg_latency_ms,
  percentile_disc(0.95) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE ${REACHED}) AS p95_latency_ms`;

const COLUMNS: Readonly<Record<Exclude<Grouping, 'tag'>, string>> = {
  provider: 'provider',
  model: 'model',
  agent: 'agent_id',
  team: 'team_id',
  org: 'org_id',
  user: 'user_id',
  key: 'key_id',
  route: 'route',
};

/** What else the rows are joined with, and what they are grouped by. */
function groupingOf(grouping: Grouping): { readonly join: string; readonly id: string } {
  if (grouping !== 'tag') return { join: '', id: COLUMNS[grouping] };
  // A call counts once under each of its tags, and under none if it has none.
  return { join: 'LEFT JOIN LATERAL jsonb_each_text(tags) AS tag ON true', id: `tag.key || ':' || tag.value` };
}

@Injectable()
export class SummaryRepository {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Groups and totals of one and the same state of the ledger, the dearest groups first. */
  summarize(filter: RequestFilter, grouping: Grouping, limit: number): Promise<Summary> {
    return this.dataSource.transaction('REPEATABLE READ', async (manager) => ({
      groups: await this.groups(manager, filter, grouping, limit),
      totals: await this.totals(manager, filter),
    }));
  }

  private groups(
    manager: EntityManager,
    filter: RequestFilter,
    grouping: Grouping,
    limit: number,
  ): Promise<GroupRow[]> {
    const { sql, parameters } = conditionOf(filter);
    const { join, id } = groupingOf(grouping);
    // Only keys have names that differ from their ids.
    const name = grouping === 'key' ? '(SELECT name FROM cerebra.keys WHERE id = dimension_id)' : 'dimension_id';
    return manager.query<GroupRow[]>(
      `SELECT *, ${name} AS dimension_name FROM (
         SELECT ${id} AS dimension_id, ${SUMS}, count(*) OVER () AS groups
         FROM cerebra.requests ${join} WHERE ${sql}
         GROUP BY 1 ORDER BY cost_pico DESC, dimension_id LIMIT ${limit}
       ) AS summary`,
      parameters,
    );
  }

  private async totals(manager: EntityManager, filter: RequestFilter): Promise<SummaryRow> {
    const { sql, parameters } = conditionOf(filter);
    const [row] = await manager.query<SummaryRow[]>(`SELECT ${SUMS} FROM cerebra.requests WHERE ${sql}`, parameters);
    if (row === undefined) throw new Error('An aggregate without groups gave no row.');
    return row;
  }
}
