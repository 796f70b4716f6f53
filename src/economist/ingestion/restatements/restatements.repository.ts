import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { toIso } from '../../../platform/time.js';
import type { RestatementRow, RestatementsQuery } from './restatements.dto.js';

/** `economist.restatements`. */
@Injectable()
export class RestatementsRepository {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** The newest first, one more than asked for. */
  list(query: RestatementsQuery, sourceId: string | null): Promise<RestatementRow[]> {
    const { period, run_id: runId, from, to, cursor, limit } = query;
    return this.dataSource.query<RestatementRow[]>(
      `SELECT r.id, r.source_id, s.name AS source, r.billing_account, to_char(r.billing_month, 'YYYY-MM') AS period,
         r.currency, r.old_cost::text, r.new_cost::text, r.run_id, r.detected_at
       FROM economist.restatements AS r LEFT JOIN economist.sources AS s ON s.id = r.source_id
       WHERE ($1::text IS NULL OR r.source_id = $1) AND ($2::date IS NULL OR r.billing_month = $2)
         AND ($3::text IS NULL OR r.run_id = $3)
         AND ($4::timestamptz IS NULL OR r.detected_at >= $4) AND ($5::timestamptz IS NULL OR r.detected_at < $5)
         AND ($6::timestamptz IS NULL OR (r.detected_at, r.id) < ($6, $7::bigint))
       ORDER BY r.detected_at DESC, r.id DESC LIMIT $8`,
      [
        sourceId,
        period === undefined ? null : `${period}-01`,
        runId ?? null,
        from === undefined ? null : toIso(from),
        to === undefined ? null : toIso(to),
        cursor?.[0] ?? null,
        cursor?.[1] ?? null,
        limit + 1,
      ],
    );
  }
}
