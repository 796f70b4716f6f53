import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { instant, toIso, type Instant } from '../time.js';
import type { Period } from '../http/period.js';
import type { AuditEntry } from './audit-entry.js';

const rows = z.array(
  z
    .object({
      id: z.string(),
      at: z.date(),
      key_id: z.string().nullable(),
      key_name: z.string().nullable(),
      method: z.string(),
      route: z.string(),
      path: z.string(),
      resource_id: z.string().nullable(),
      status: z.number(),
      error_code: z.string().nullable(),
      request_id: z.string(),
      source_address: z.string(),
    })
    .transform((row): AuditEntry => ({
      id: row.id,
      at: instant(row.at.getTime()),
      keyId: row.key_id,
      keyName: row.key_name,
      method: row.method,
      route: row.route,
      path: row.path,
      resourceId: row.resource_id,
      status: row.status,
      errorCode: row.error_code,
      requestId: row.request_id,
      sourceAddress: row.source_address,
    })),
);

const counted = z.tuple([z.object({ count: z.number() })]);

const COLUMNS =
  'id, at, key_id, key_name, method, route, path, resource_id, status, error_code, request_id, source_address';

/** `platform.audit_log`: who changed what, when, and what came of it. Appended to, and forgotten when old. */
export class AuditLog {
  constructor(
    private readonly dataSource: DataSource,
    /** The context whose writes these are. */
    private readonly module: string,
  ) {}

  /** For what changes something without being called over HTTP; HTTP writes are recorded by themselves. */
  async record(entry: AuditEntry): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO platform.audit_log (${COLUMNS}, module) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        entry.id,
        toIso(entry.at),
        entry.keyId,
        entry.keyName,
        entry.method,
        entry.route,
        entry.path,
        entry.resourceId,
        entry.status,
        entry.errorCode,
        entry.requestId,
        entry.sourceAddress,
        this.module,
      ],
    );
  }

  /** The newest first. @param after time and id of the last entry seen */
  async list(period: Period, limit: number, after: readonly [string, string] | null): Promise<readonly AuditEntry[]> {
    const found: unknown = await this.dataSource.query(
      `SELECT ${COLUMNS} FROM platform.audit_log
       WHERE module = $1 AND at >= $2 AND at < $3 AND ($4::timestamptz IS NULL OR (at, id) < ($4, $5))
       ORDER BY at DESC, id DESC LIMIT $6`,
      [this.module, toIso(period.from), toIso(period.to), after?.[0] ?? null, after?.[1] ?? null, limit],
    );
    return rows.parse(found);
  }

  /** Forgets the oldest entries from before that moment. @returns how many: fewer than `atMost` when none are left */
  async forget(before: Instant, atMost: number): Promise<number> {
    const found: unknown = await this.dataSource.query(
      `WITH forgotten AS (
         DELETE FROM platform.audit_log WHERE id IN (
           SELECT id FROM platform.audit_log WHERE module = $1 AND at < $2 ORDER BY at LIMIT $3
         ) RETURNING id
       )
       SELECT count(*)::int AS count FROM forgotten`,
      [this.module, toIso(before), atMost],
    );
    return counted.parse(found)[0].count;
  }
}
