import type { DataSource } from 'typeorm';
import type { Instant } from '../../platform/time.js';
import type { Budget } from '../budgets/budget-gate.js';
import { nanoUsd, type NanoUsd } from '../pricing/money.js';
import { hasTag } from './request-filter.js';

const CONDITIONS: Readonly<Record<Budget['scope'], string>> = {
  agent: 'agent_id = $2',
  team: 'team_id = $2',
  user: 'user_id = $2',
  org: 'org_id = $2',
  key: 'key_id = $2',
  model: 'model = $2',
  provider: 'provider = $2',
  tag: hasTag('$2::text'),
};

/**
 * What the calls of one entity that began at `from` or later have cost, each rounded up as budgets count them.
 * Holds the calls that a crash cut off only after `SpoolLedger.recovered`.
 */
export async function spentSince(
  dataSource: DataSource,
  scope: Budget['scope'],
  entityId: string,
  from: Instant,
): Promise<NanoUsd> {
  const [row] = await dataSource.query<{ spent: string | null }[]>(
    `SELECT sum((cost_pico + 999) / 1000) AS spent FROM cerebra.requests WHERE time >= $1 AND ${CONDITIONS[scope]}`,
    [new Date(from), entityId],
  );
  return nanoUsd(Number(row?.spent ?? 0));
}
