import { dimensions } from './request-filter.js';
import { outputTokens, promptTokens } from './token-columns.js';

/** Sums of `cerebra.requests` by hour, day and month, in UTC: what may cover a long period is read from here. */
export const rollups = {
  hour: 'cerebra.requests_by_hour',
  day: 'cerebra.requests_by_day',
  month: 'cerebra.requests_by_month',
} as const;
export type RollupUnit = keyof typeof rollups;

/** Calls that agree in all of these, and in their hour, day or month, share a row. */
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

/** SQL that makes the sums of one month, `$1`, from those of its days. */
export const MONTH_FROM_DAYS = `
  WITH days AS (
    SELECT * FROM ${rollups.day} WHERE start >= $1 AND start < ($1::timestamptz AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC'
  ), latencies AS (
    SELECT digest, array_agg(bucket ORDER BY bucket) AS buckets, array_agg(calls ORDER BY bucket) AS calls
    FROM (
      SELECT digest, latency.bucket, sum(latency.calls)::bigint AS calls
      FROM days CROSS JOIN LATERAL unnest(latency_buckets, latency_calls) AS latency (bucket, calls)
      GROUP BY 1, 2
    ) AS by_bucket GROUP BY digest
  )
  INSERT INTO ${rollups.month}
    (start, digest, ${list(SHARED)}, ${list(SUMMED)}, latency_buckets, latency_calls)
  SELECT $1, digest, ${list(SHARED)}, ${SUMMED.map((name) => `sum(days.${name})`).join(', ')},
    coalesce(latencies.buckets, '{}'), coalesce(latencies.calls, '{}')
  FROM days LEFT JOIN latencies USING (digest)
  GROUP BY digest, ${list(SHARED)}, latencies.buckets, latencies.calls`;
