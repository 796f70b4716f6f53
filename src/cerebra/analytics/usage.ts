import type { Instant } from '../../platform/time.js';
import { clausesOf, dimensions, type RequestFilter } from '../ledger/request-filter.js';
import { latencyBucket, latencyMicroseconds, rollups, type RollupUnit } from '../ledger/rollups.js';
import { outputTokens, promptTokens } from '../ledger/token-columns.js';
import { stretchesOf, type Stretch } from './stretches.pure.js';

/** SQL of all usage that matches a filter, to stand behind FROM, and its parameters. */
export interface Usage {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

const SHARED = [...dimensions, 'tags', 'status_code', 'outcome'].join(', ');

const FROM_SUMS = `start, ${SHARED}, calls, cost_pico, savings_pico, prompt_tokens + output_tokens AS tokens,
  timed_calls, latency_us, latency_buckets, latency_calls`;

// The same types as in the sums: PostgreSQL then sees through the union, and filters each part by its own indexes.
const FROM_ROWS = `time AS start, ${SHARED}, 1::bigint AS calls, cost_pico::numeric, savings_pico::numeric,
  (${promptTokens} + ${outputTokens})::numeric AS tokens,
  CASE WHEN latency_ms IS NULL THEN 0 ELSE 1 END::bigint AS timed_calls,
  coalesce(${latencyMicroseconds}, 0) AS latency_us,
  CASE WHEN latency_ms IS NULL THEN '{}' ELSE ARRAY[${latencyBucket}] END AS latency_buckets,
  CASE WHEN latency_ms IS NULL THEN '{}' ELSE ARRAY[1::bigint] END AS latency_calls`;

/** @param coarsest the largest sums that the question can do with */
export function usageOf(filter: RequestFilter, coarsest: RollupUnit, now: Instant): Usage {
  const parameters: unknown[] = [];
  const parts = stretchesOf(filter, coarsest, now).map((stretch) => partOf(stretch, parameters));
  const clauses = clausesOf(filter, parameters);
  const where = clauses.length === 0 ? '' : `WHERE ${clauses.join(' AND ')}`;
  return { sql: `(SELECT * FROM (${parts.join(' UNION ALL ')}) AS parts ${where}) AS usage`, parameters };
}

function partOf({ source, from, to }: Stretch, parameters: unknown[]): string {
  const end = parameters.push(new Date(from), new Date(to));
  const within = (column: string): string => `${column} >= $${end - 1} AND ${column} < $${end}`;
  return source === 'row'
    ? `SELECT ${FROM_ROWS} FROM cerebra.requests WHERE ${within('time')}`
    : `SELECT ${FROM_SUMS} FROM ${rollups[source]} WHERE ${within('start')}`;
}
