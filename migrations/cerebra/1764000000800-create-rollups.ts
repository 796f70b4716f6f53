import type { MigrationInterface, QueryRunner } from 'typeorm';
import { publishedDailyCost } from '../../src/cerebra/analytics/published-daily-cost.js';
import { dailyCostOfRequests } from './1764000000300-create-requests.js';

const ROLLUPS = { hour: 'cerebra.requests_by_hour', day: 'cerebra.requests_by_day' } as const;

/** Sums of the ledger by hour and by day, so that no question about a long period has to read its rows. */
export class CreateRollups1764000000800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [unit, table] of Object.entries(ROLLUPS)) {
      // Room on every page: the rows of the current hour change with every batch.
      await runner.query(`CREATE TABLE ${table} (${COLUMNS}) WITH (fillfactor = 70)`);
      await runner.query(`INSERT INTO ${table} ${sumsOfRequests(unit)}`);
    }
    // For readers of the published view, who ask for days.
    await runner.query(`CREATE INDEX requests_by_day_date ON ${ROLLUPS.day} (((start AT TIME ZONE 'UTC')::date))`);
    await replaceView(runner, DAILY_COST);
  }

  async down(runner: QueryRunner): Promise<void> {
    await replaceView(runner, dailyCostOfRequests);
    for (const table of Object.values(ROLLUPS)) await runner.query(`DROP TABLE ${table}`);
  }
}

/** Same columns, same sums: readers do not notice. */
async function replaceView(runner: QueryRunner, select: string): Promise<void> {
  const columns = Object.keys(publishedDailyCost.columns).join(', ');
  await runner.query(`CREATE OR REPLACE VIEW ${publishedDailyCost.name} (${columns}) AS ${select}`);
}

/** Sums are `numeric`: one that does not fit its column would keep rows out of the ledger. */
const COLUMNS = `
  start               timestamptz NOT NULL,
  digest              bytea       NOT NULL,
  provider            text,
  model               text,
  route               text,
  org_id              text,
  team_id             text,
  agent_id            text,
  user_id             text,
  key_id              text,
  tags                jsonb       NOT NULL,
  status_code         smallint,
  outcome             text        NOT NULL,
  calls               bigint      NOT NULL,
  cost_pico           numeric     NOT NULL,
  estimated_cost_pico numeric     NOT NULL,
  savings_pico        numeric     NOT NULL,
  prompt_tokens       numeric     NOT NULL,
  output_tokens       numeric     NOT NULL,
  timed_calls         bigint      NOT NULL,
  latency_us          numeric     NOT NULL,
  latency_buckets     smallint[]  NOT NULL,
  latency_calls       bigint[]    NOT NULL,
  PRIMARY KEY (start, digest)`;

const SHARED = 'provider, model, route, org_id, team_id, agent_id, user_id, key_id, tags, status_code, outcome';

/** As the ledger's writer sums from now on. The digest must come out the same, or an hour would have two rows. */
const sumsOfRequests = (unit: string): string => `
  SELECT start, sha256(convert_to(jsonb_build_array(${SHARED})::text, 'UTF8')), ${SHARED},
    sum(calls), sum(cost_pico), sum(estimated_cost_pico), sum(savings_pico), sum(prompt_tokens), sum(output_tokens),
    sum(timed_calls), sum(latency_us),
    coalesce(array_agg(bucket ORDER BY bucket) FILTER (WHERE bucket IS NOT NULL), '{}'),
    coalesce(array_agg(timed_calls ORDER BY bucket) FILTER (WHERE bucket IS NOT NULL), '{}')
  FROM (
    SELECT date_trunc('${unit}', time, 'UTC') AS start, ${SHARED},
      CASE WHEN latency_ms IS NOT NULL
        THEN floor(ln(least(greatest(latency_ms, 0.001), 1e9)) / ln(1.1::float8))::smallint END AS bucket,
      count(*) AS calls,
      sum(cost_pico) AS cost_pico,
      coalesce(sum(cost_pico) FILTER (WHERE estimated), 0) AS estimated_cost_pico,
      sum(savings_pico) AS savings_pico,
      sum(input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens + cache_write_tokens
        + audio_cache_read_tokens + audio_input_tokens + image_input_tokens) AS prompt_tokens,
      sum(output_tokens + reasoning_tokens + audio_output_tokens + image_output_tokens) AS output_tokens,
      count(latency_ms) AS timed_calls,
      coalesce(sum(round(latency_ms::numeric * 1000)), 0) AS latency_us
    FROM cerebra.requests
    GROUP BY start, ${SHARED}, bucket
  ) AS by_latency
  GROUP BY start, ${SHARED}`;

const DAILY_COST = `
  SELECT (start AT TIME ZONE 'UTC')::date, provider, model, org_id, team_id, agent_id,
         sum(calls)::bigint, sum(prompt_tokens), sum(output_tokens),
         sum(cost_pico) * 0.000000000001, sum(estimated_cost_pico) * 0.000000000001
  FROM ${ROLLUPS.day}
  WHERE outcome <> 'refused'
  GROUP BY 1, 2, 3, 4, 5, 6`;
