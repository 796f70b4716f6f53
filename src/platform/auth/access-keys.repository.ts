import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { instant, toIso, type Instant } from '../time.js';
import type { AccessKey } from './access-key.js';
import { roles } from './principal.js';

const time = z.date().transform((date) => instant(date.getTime()));

const rows = z.array(
  z
    .object({
      id: z.string(),
      name: z.string(),
      role: z.enum(roles),
      modules: z.array(z.string()).nullable(),
      prefix: z.string(),
      created_at: time,
      created_by: z.string().nullable(),
      expires_at: time.nullable(),
    })
    .transform((row): AccessKey => ({
      id: row.id,
      name: row.name,
      role: row.role,
      modules: row.modules,
      prefix: row.prefix,
      createdAt: row.created_at,
      createdBy: row.created_by,
      expiresAt: row.expires_at,
    })),
);

const COLUMNS = 'id, name, role, modules, prefix, created_at, created_by, expires_at';

/** `platform.access_keys`, shared by every module. */
@Injectable()
export class AccessKeysRepository {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async insert(key: AccessKey, digest: Buffer, manager: EntityManager = this.dataSource.manager): Promise<void> {
    await manager.query(
      `INSERT INTO platform.access_keys (${COLUMNS}, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        key.id,
        key.name,
        key.role,
        key.modules,
        key.prefix,
        toIso(key.createdAt),
        key.createdBy,
        key.expiresAt === null ? null : toIso(key.expiresAt),
        digest,
      ],
    );
  }

  async findByDigest(digest: Buffer): Promise<AccessKey | null> {
    return this.one('digest = $1', [digest]);
  }

  async findById(id: string): Promise<AccessKey | null> {
    return this.one('id = $1', [id]);
  }

  /** The newest first. @param after creation time and id of the last one seen */
  async list(limit: number, after: readonly [string, string] | null): Promise<readonly AccessKey[]> {
    const found: unknown = await this.dataSource.query(
      `SELECT ${COLUMNS} FROM platform.access_keys
       WHERE revoked_at IS NULL AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3))
       ORDER BY created_at DESC, id DESC LIMIT $1`,
      [limit, after?.[0] ?? null, after?.[1] ?? null],
    );
    return rows.parse(found);
  }

  async revoke(id: string, at: Instant): Promise<void> {
    await this.dataSource.query(
      'UPDATE platform.access_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL',
      [id, toIso(at)],
    );
  }

  /** Whether a key lives that may do everything everywhere. */
  async hasAdmin(now: Instant, manager: EntityManager = this.dataSource.manager): Promise<boolean> {
    const found: unknown = await manager.query(
      `SELECT 1 FROM platform.access_keys
       WHERE role = 'admin' AND modules IS NULL AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1)
       LIMIT 1`,
      [toIso(now)],
    );
    return Array.isArray(found) && found.length > 0;
  }

  private async one(condition: string, values: readonly unknown[]): Promise<AccessKey | null> {
    const found: unknown = await this.dataSource.query(
      `SELECT ${COLUMNS} FROM platform.access_keys WHERE ${condition} AND revoked_at IS NULL`,
      [...values],
    );
    return rows.parse(found)[0] ?? null;
  }
}
