import type { MigrationInterface, QueryRunner } from 'typeorm';
import { publishedDailyCost } from '../../src/cerebra/analytics/published-daily-cost.js';
import { requestsTable } from '../../src/cerebra/ledger/requests-table.js';
import { createTimePartitioned } from '../../src/platform/database/partitions.js';
import { publishView } from '../../src/platform/database/published-view.js';

/** The ledger. */
export class CreateRequests1764000000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTimePartitioned(runner, { ...requestsTable, columns: COLUMNS });
    // For lists and for what a budget's entity has spent; most rows have no value in most of them.
    for (const entity of ['key_id', 'agent_id', 'team_id', 'user_id']) {
      await runner.query(
        `CREATE INDEX requests_${entity} ON cerebra.requests (${entity}, time DESC) WHERE ${entity} IS NOT NULL`,
      );
    }
    await publishView(runner, publishedDailyCost, dailyCostOfRequests);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP VIEW ${publishedDailyCost.name}`);
    await runner.query(`DROP TABLE ${requestsTable.table}`);
  }
}

/**
 * No column can hold a prompt or a reply: a test holds them to a list.
 * `time` comes first in the key, as lists and sums are read by it.
 */
const COLUMNS = `
  id                    uuid        NOT NULL,
  time                  timestamptz NOT NULL,
  provider              text,
  model                 text,
  requested_model       text,
  route                 text,
  org_id                text,
  team_id               text,
  agent_id              text,
  user_id               text,
  key_id                text,
  tags                  jsonb       NOT NULL DEFAULT '{}',
  stream                boolean     NOT NULL,
  status_code           smallint,
  outcome               text        NOT NULL,
  refusal               text,
  latency_ms            double precision,
  ttfb_ms               double precision,
  input_tokens          bigint      NOT NULL,
  cache_read_tokens     bigint      NOT NULL,
  cache_write_5m_tokens bigint      NOT NULL,
  cache_write_1h_tokens bigint      NOT NULL,
  output_tokens         bigint      NOT NULL,
  reasoning_tokens      bigint      NOT NULL,
  audio_input_tokens    bigint      NOT NULL,
  audio_output_tokens   bigint      NOT NULL,
  cost_pico             bigint      NOT NULL,
  savings_pico          bigint      NOT NULL DEFAULT 0,
  retries               smallint    NOT NULL DEFAULT 0,
  fallback_from         text,
  cache_hit             boolean     NOT NULL DEFAULT false,
  price_version         text,
  estimated             boolean     NOT NULL,
  PRIMARY KEY (time, id)`;

/** A multiplication, as a division would round. */
const usd = (filter: string): string => `coalesce(sum(cost_pico)${filter}, 0) * 0.000000000001`;

/** The first source of `cerebra.published_daily_cost_v1`: exact, but it reads every row of the period. */
export const dailyCostOfRequests = `
  SELECT (time AT TIME ZONE 'UTC')::date, provider, model, org_id, team_id, agent_id,
         count(*),
         sum(input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens + audio_input_tokens),
         sum(output_tokens + reasoning_tokens + audio_output_tokens),
         ${usd('')}, ${usd(' FILTER (WHERE estimated)')}
  FROM cerebra.requests
  WHERE outcome <> 'refused'
  GROUP BY 1, 2, 3, 4, 5, 6`;
