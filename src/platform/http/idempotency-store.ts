import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { z } from 'zod';

/** What is known of a call that was made with a key. */
export type Claim =
  | { readonly kind: 'claimed'; readonly claim: string }
  | { readonly kind: 'running' }
  | { readonly kind: 'other_request' }
  | { readonly kind: 'done'; readonly status: number; readonly reply: Buffer };

/** A call that lasts longer, or whose process died, may be made again. */
const RUNS_AT_MOST = '2 minutes';
const KEPT_FOR = '24 hours';
/** Dropped with each new call: more than come in, so the table never grows for long. */
const PURGED_AT_ONCE = 10;

const claimed = z.array(z.object({ claim: z.string() }));
const found = z.array(
  z.object({
    fingerprint: z.instanceof(Buffer),
    status: z.number().nullable(),
    reply: z.instanceof(Buffer).nullable(),
  }),
);

/** `platform.idempotency_keys`. The database's clock decides, as several replicas meet here. */
export class IdempotencyStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Takes the call for its caller alone, in one statement: of two at once, one gets it.
   * @param scope who calls what with which key
   * @param fingerprint of what is sent
   */
  async claim(scope: Buffer, fingerprint: Buffer): Promise<Claim> {
    await this.purge();
    const claim = randomUUID();
    const taken: unknown = await this.dataSource.query(
      `INSERT INTO platform.idempotency_keys AS kept (scope, fingerprint, claim, expires_at)
       VALUES ($1, $2, $3, now() + $4::interval)
       ON CONFLICT (scope) DO UPDATE
         SET fingerprint = excluded.fingerprint, claim = excluded.claim, status = NULL, reply = NULL,
             expires_at = excluded.expires_at
         WHERE kept.expires_at <= now()
       RETURNING claim`,
      [scope, fingerprint, claim, RUNS_AT_MOST],
    );
    if (claimed.parse(taken).length > 0) return { kind: 'claimed', claim };
    return this.look(scope, fingerprint);
  }

  /** Keeps the reply for whoever asks again. */
  async finish(scope: Buffer, claim: string, status: number, reply: Buffer): Promise<void> {
    await this.dataSource.query(
      `UPDATE platform.idempotency_keys SET status = $3, reply = $4, expires_at = now() + $5::interval
       WHERE scope = $1 AND claim = $2`,
      [scope, claim, status, reply, KEPT_FOR],
    );
  }

  /** Lets the call be made again. */
  async release(scope: Buffer, claim: string): Promise<void> {
    await this.dataSource.query('DELETE FROM platform.idempotency_keys WHERE scope = $1 AND claim = $2', [
      scope,
      claim,
    ]);
  }

  private async look(scope: Buffer, fingerprint: Buffer): Promise<Claim> {
    const rows: unknown = await this.dataSource.query(
      'SELECT fingerprint, status, reply FROM platform.idempotency_keys WHERE scope = $1',
      [scope],
    );
    const kept = found.parse(rows)[0];
    // Gone between the two statements: it was released just now, and the caller may try again.
    if (kept === undefined) return { kind: 'running' };
    if (!fingerprint.equals(kept.fingerprint)) return { kind: 'other_request' };
    if (kept.status === null || kept.reply === null) return { kind: 'running' };
    return { kind: 'done', status: kept.status, reply: kept.reply };
  }

  private async purge(): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM platform.idempotency_keys WHERE scope IN (
         SELECT scope FROM platform.idempotency_keys WHERE expires_at <= now()
         ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)`,
      [PURGED_AT_ONCE],
    );
  }
}
