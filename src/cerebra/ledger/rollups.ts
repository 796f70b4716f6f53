import type { DataSource } from 'typeorm';
import type { Instant } from '../../platform/time.js';
import { dimensions } from './request-filter.js';
import { outputTokens, promptTokens } from './token-columns.js';

/** Sums of `cerebra.requests` by hour and by day, in UTC: what may cover a long period is read from here. */
export const rollups = { hour: 'cerebra.requests_by_hour', day: 'cerebra.requests_by_day' } as const;
export type RollupUnit = keyof typeof rollups;

/** Calls that agree in all of these, and in their hour or day, share a row. */
const SHARED = [...dimensions, 'tags', 'status_code', 'outcome'];
const SUMMED = [
  'calls',
  'cost_pico',
  'estimated_cost_pico',
  'savings_pico',
  'prompt_tokens',
  'output_tokens',
  'timed_calls',
  'latency_us',
];

/** How much wider each bucket of latencies is than the one before: none is further than 5 % from its bucket's middle. */
export const LATENCY_GROWTH = 1.1;

/** SQL: the bucket of a row's latency, null where it is not known. Bounded on both sides, so that a row has few. */
export const latencyBucket = `CASE WHEN latency_ms IS NOT NULL
  THEN floor(ln(least(greatest(latency_ms, 0.001), 1e9)) / ln(${LATENCY_GROWTH}::float8))::smallint END`;
/** SQL: exact, as rows hold whole microseconds. */
export const latencyMicroseconds = 'round(latency_ms::numeric * 1000)';

const list = (names: readonly string[], prefix = ''): string => names.map((name) => prefix + name).join(', ');

// All names in one text of fixed form. Without it the key would hold every name, and might not fit into an index.
const DIGEST = `sha256(convert_to(jsonb_build_array(${list(SHARED)})::text, 'UTF8'))`;

const MERGED_LATENCIES = `
  SELECT coalesce(array_agg(bucket ORDER BY bucket), '{}'), coalesce(array_agg(calls ORDER BY bucket), '{}')
  FROM (
    SELECT bucket, sum(calls)::bigint AS calls FROM (
      SELECT * FROM unnest(rollup.latency_buckets, rollup.latency_calls)
      UNION ALL
      SELECT * FROM unnest(excluded.latency_buckets, excluded.latency_calls)
    ) AS both_of_them (bucket, calls) GROUP BY bucket
  ) AS merged`;

/**
 * SQL that adds rows of the ledger to their sums.
 * @param source what has these rows, and the columns of `cerebra.requests`
 */
export const addToRollup = (unit: RollupUnit, source: string): string => `
  INSERT INTO ${rollups[unit]} AS rollup
    (start, digest, ${list(SHARED)}, ${list(SUMMED)}, latency_buckets, latency_calls)
  SELECT start, ${DIGEST} AS digest, ${list(SHARED)},
    ${SUMMED.map((name) => `sum(${name})`).join(', ')},
    coalesce(array_agg(bucket ORDER BY bucket) FILTER (WHERE bucket IS NOT NULL), '{}'),
    coalesce(array_agg(timed_calls ORDER BY bucket) FILTER (WHERE bucket IS NOT NULL), '{}')
  FROM (
    SELECT date_trunc('${unit}', time, 'UTC') AS start, ${list(SHARED)}, ${latencyBucket} AS bucket,
      count(*) AS calls,
      sum(cost_pico) AS cost_pico,
      coalesce(sum(cost_pico) FILTER (WHERE estimated), 0) AS estimated_cost_pico,
      sum(savings_pico) AS savings_pico,
      sum(${promptTokens}) AS prompt_tokens,
      sum(${outputTokens}) AS output_tokens,
      count(latency_ms) AS timed_calls,
      coalesce(sum(${latencyMicroseconds}), 0) AS latency_us
    FROM ${source}
    GROUP BY start, ${list(SHARED)}, bucket
  ) AS by_latency
  GROUP BY start, ${list(SHARED)}
  ORDER BY start, digest
  ON CONFLICT (start, digest) DO UPDATE SET
    ${SUMMED.map((name) => `${name} = rollup.${name} + excluded.${name}`).join(', ')},
    (latency_buckets, latency_calls) = (${MERGED_LATENCIES})`;

/** Forgets hours and days that began before. */
export async function dropSumsBefore(dataSource: DataSource, before: Instant): Promise<void> {
  for (const table of Object.values(rollups)) {
    await dataSource.query(`DELETE FROM ${table} WHERE start < $1`, [new Date(before)]);
  }
}
