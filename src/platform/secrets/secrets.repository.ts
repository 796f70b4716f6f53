import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';
import { toIso, type Instant } from '../time.js';

export interface SealedSecret {
  readonly id: string;
  readonly purpose: string;
  readonly sealed: string;
}

const rows = z.array(z.object({ id: z.string(), purpose: z.string(), sealed: z.string() }));
const counted = z.array(z.object({ count: z.coerce.number() }));

/** `platform.secrets`, shared by every module. */
export class SecretsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert(secret: SealedSecret, keyId: string, at: Instant, within?: EntityManager): Promise<void> {
    await (within ?? this.dataSource).query(
      'INSERT INTO platform.secrets (id, purpose, sealed, key_id, created_at) VALUES ($1, $2, $3, $4, $5)',
      [secret.id, secret.purpose, secret.sealed, keyId, toIso(at)],
    );
  }

  async find(id: string): Promise<SealedSecret | null> {
    const found: unknown = await this.dataSource.query(
      'SELECT id, purpose, sealed FROM platform.secrets WHERE id = $1',
      [id],
    );
    return rows.parse(found)[0] ?? null;
  }

  async delete(id: string, within?: EntityManager): Promise<void> {
    await (within ?? this.dataSource).query('DELETE FROM platform.secrets WHERE id = $1', [id]);
  }

  /**
   * Seals one batch of rows again. Rows that another replica is at are passed over.
   * @param reseal the row → its new text, or null to leave it as it is
   * @returns the id to go on after; null where none is left
   */
  async reseal(
    batch: { readonly keyIds: readonly string[]; readonly after: string; readonly size: number },
    newKeyId: string,
    reseal: (secret: SealedSecret) => string | null,
  ): Promise<string | null> {
    return this.dataSource.transaction(async (manager) => {
      const found: unknown = await manager.query(
        `SELECT id, purpose, sealed FROM platform.secrets WHERE key_id = ANY($1) AND id > $2
         ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED`,
        [batch.keyIds, batch.after, batch.size],
      );
      const secrets = rows.parse(found);
      for (const secret of secrets) await replace(manager, secret.id, newKeyId, reseal(secret));
      return secrets.at(-1)?.id ?? null;
    });
  }

  /** How many rows no known key opens. */
  async countBeyond(keyIds: readonly string[]): Promise<number> {
    const found: unknown = await this.dataSource.query(
      'SELECT count(*) AS count FROM platform.secrets WHERE key_id <> ALL($1)',
      [keyIds],
    );
    return counted.parse(found)[0]?.count ?? 0;
  }
}

async function replace(manager: EntityManager, id: string, keyId: string, sealed: string | null): Promise<void> {
  if (sealed === null) return;
  await manager.query('UPDATE platform.secrets SET sealed = $2, key_id = $3 WHERE id = $1', [id, sealed, keyId]);
}
