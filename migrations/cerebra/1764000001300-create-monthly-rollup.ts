import type { MigrationInterface, QueryRunner } from 'typeorm';

const MONTHS = 'cerebra.requests_by_month';

/** Sums of the ledger by month: a question about a year reads a thirtieth of what it reads in days. */
export class CreateMonthlyRollup1764000001300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE ${MONTHS} (LIKE cerebra.requests_by_day, PRIMARY KEY (start, digest)) WITH (fillfactor = 70)`,
    );
    await runner.query(
      `INSERT INTO ${MONTHS} (${[...KEY, ...SUMMED].join(', ')}, latency_buckets, latency_calls) ${SUMS}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE ${MONTHS}`);
  }
}

const SHARED = [
  'provider',
  'model',
  'route',
  'org_id',
  'team_id',
  'agent_id',
  'user_id',
  'key_id',
  'tags',
  'status_code',
  'outcome',
];
const KEY = ['start', 'digest', ...SHARED];
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

/** The digest is that of the days: it leaves the time out. */
const SUMS = `
  WITH days AS (
    SELECT *, date_trunc('month', start, 'UTC') AS month FROM cerebra.requests_by_day
  ), latencies AS (
    SELECT month, digest, array_agg(bucket ORDER BY bucket) AS buckets, array_agg(calls ORDER BY bucket) AS calls
    FROM (
      SELECT month, digest, latency.bucket, sum(latency.calls)::bigint AS calls
      FROM days CROSS JOIN LATERAL unnest(latency_buckets, latency_calls) AS latency (bucket, calls)
      GROUP BY 1, 2, 3
    ) AS by_bucket GROUP BY 1, 2
  )
  SELECT month, digest, ${SHARED.join(', ')}, ${SUMMED.map((name) => `sum(days.${name})`).join(', ')},
    coalesce(latencies.buckets, '{}'), coalesce(latencies.calls, '{}')
  FROM days LEFT JOIN latencies USING (month, digest)
  GROUP BY month, digest, ${SHARED.join(', ')}, latencies.buckets, latencies.calls`;
