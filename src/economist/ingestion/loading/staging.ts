import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { focusColumns, type FocusType } from '../../charges/focus-columns.js';

/** The columns of `economist.charges` that a charge brings along: all but the slice that it will belong to. */
export const chargeColumns: readonly string[] = [...Object.values(focusColumns).map(({ column }) => column), 'extras'];

const sqlTypes: Readonly<Record<FocusType, string>> = {
  text: 'text',
  decimal: 'numeric',
  time: 'timestamptz',
  pairs: 'jsonb',
};

/** A file without tags says that no charge has any; without price details it says nothing. */
const defaults: Readonly<Record<string, string>> = { tags: " DEFAULT '{}'" };

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

const prefixOf = (runId: string): string => `staged_${digest(runId)}_`;

/** Where the part's accepted rows wait: {@link chargeColumns}, and `billing_month` (a date, its first day). */
export const stagingTable = (runId: string, key: string): string => `economist.${prefixOf(runId)}${digest(key)}`;

/**
 * A table for each part, unlogged: it is filled in the transaction that makes it, so a load that dies leaves nothing,
 * and dropping it costs the same for ten rows and ten million.
 */
export function createStagingTable(table: string): string {
  const columns = Object.values(focusColumns).map(
    ({ column, type }) => `${column} ${sqlTypes[type]}${defaults[column] ?? ''}`,
  );
  const all = [...columns, 'extras jsonb', 'billing_month date NOT NULL'];
  return `CREATE UNLOGGED TABLE ${table} (${all.join(', ')}) WITH (autovacuum_enabled = false)`;
}

/** Forgets what was staged for a run. */
export async function dropStaging(manager: EntityManager, runId: string): Promise<void> {
  for (const table of await stagedTables(manager)) {
    if (table.startsWith(prefixOf(runId))) await manager.query(`DROP TABLE IF EXISTS economist.${table}`);
  }
}

/** Forgets what was staged by runs that are over, such as those whose process died. @returns how many tables it was */
export async function dropLeftoverStaging(manager: EntityManager): Promise<number> {
  // Tables first: a run that begins afterwards has none among them.
  const tables = await stagedTables(manager);
  const atWork: { id: string }[] = await manager.query(
    `SELECT id FROM economist.runs WHERE status IN ('queued', 'running')`,
  );
  const kept = atWork.map(({ id }) => prefixOf(id));
  const left = tables.filter((table) => !kept.some((prefix) => table.startsWith(prefix)));
  for (const table of left) await manager.query(`DROP TABLE IF EXISTS economist.${table}`);
  return left.length;
}

async function stagedTables(manager: EntityManager): Promise<string[]> {
  const found: { tablename: string }[] = await manager.query(
    `SELECT tablename FROM pg_tables WHERE schemaname = 'economist' AND tablename ~ '^staged_[0-9a-f]{16}_[0-9a-f]{16}$'`,
  );
  return found.map(({ tablename }) => tablename);
}
