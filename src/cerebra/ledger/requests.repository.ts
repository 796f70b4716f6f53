import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Instant } from '../../platform/time.js';
import type { Tier } from '../pricing/usage.js';
import { conditionOf, type RequestFilter } from './request-filter.js';
import { outputTokens, promptTokens, tokenColumns } from './token-columns.js';

/** A row of the ledger as PostgreSQL gives it: what is larger than a double comes as text. */
export interface RequestRow {
  readonly id: string;
  readonly time: Date;
  readonly provider: string | null;
  readonly model: string | null;
  readonly requested_model: string | null;
  readonly route: string | null;
  readonly org_id: string | null;
  readonly team_id: string | null;
  readonly agent_id: string | null;
  readonly user_id: string | null;
  readonly key_id: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly stream: boolean;
  readonly status_code: number | null;
  readonly outcome: string;
  readonly refusal: string | null;
  readonly latency_ms: number | null;
  readonly ttfb_ms: number | null;
  readonly tokens: Readonly<Record<string, number>>;
  readonly prompt_tokens: string;
  readonly completion_tokens: string;
  readonly web_searches: number;
  /** Null: the standard one. */
  readonly tier: Tier | null;
  readonly cost_pico: string;
  readonly savings_pico: string;
  readonly retries: number;
  readonly fallback_from: string | null;
  readonly cache_hit: boolean;
  readonly price_version: string | null;
  readonly estimated: boolean;
}

/** The place of a row in the list, newest first. */
export interface RequestPosition {
  readonly time: Instant;
  readonly id: string;
}

const TOKENS = tokenColumns.map(({ column, name }) => `'${name}', ${column}`).join(', ');

const COLUMNS = `id, time, provider, model, requested_model, route, org_id, team_id, agent_id, user_id, key_id, tags,
  stream, status_code, outcome, refusal, latency_ms, ttfb_ms, json_build_object(${TOKENS}) AS tokens,
  ${promptTokens} AS prompt_tokens, ${outputTokens} AS completion_tokens,
  web_searches, tier, cost_pico, savings_pico, retries, fallback_from, cache_hit, price_version, estimated`;

@Injectable()
export class RequestsRepository {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** @param after the last row of the page before, or null for the first page */
  async list(filter: RequestFilter, after: RequestPosition | null, limit: number): Promise<RequestRow[]> {
    const { sql, parameters } = conditionOf(filter);
    const next = parameters.length + 1;
    const position = after === null ? '' : ` AND (time, id) < ($${next}, $${next + 1})`;
    if (after !== null) parameters.push(new Date(after.time), after.id);
    return this.dataSource.query<RequestRow[]>(
      `SELECT ${COLUMNS} FROM cerebra.requests WHERE ${sql}${position} ORDER BY time DESC, id DESC LIMIT ${limit}`,
      parameters,
    );
  }
}
