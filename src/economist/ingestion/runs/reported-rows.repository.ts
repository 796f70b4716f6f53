import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { reportedDelivery } from './reported-part.pure.js';

export type ReportTable = 'rejected_rows' | 'repaired_rows';

/** A row that was rejected, or a value that was repaired. */
export interface ReportedRow {
  readonly part: string;
  /** A bigint. */
  readonly line: string;
  readonly column_name: string | null;
  readonly code: string;
  readonly reason: string;
  readonly value: string | null;
}

export type ReportPosition = readonly [part: string, line: string, column: string, code: string];

const COLUMNS = 'part, line, column_name, code, reason, value';

/** `economist.rejected_rows` and `repaired_rows`. */
@Injectable()
export class ReportedRows {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** In the order of the files, one more than asked for. */
  list(table: ReportTable, runId: string, after: ReportPosition | null, limit: number): Promise<ReportedRow[]> {
    const position = after === null ? '' : `AND (part, line, coalesce(column_name, ''), code) > ($2, $3, $4, $5)`;
    return this.dataSource.query<ReportedRow[]>(
      `SELECT ${COLUMNS} FROM economist.${table} WHERE run_id = $1 ${position}
       ORDER BY part, line, coalesce(column_name, ''), code LIMIT ${limit + 1}`,
      [runId, ...(after ?? [])],
    );
  }

  /** What one run reported of a delivery, reported by another one that found the delivery as it was. */
  async repeat(manager: EntityManager, deliveryKey: string, fromRunId: string, runId: string): Promise<void> {
    for (const table of ['rejected_rows', 'repaired_rows'] satisfies ReportTable[]) {
      await manager.query(
        `INSERT INTO economist.${table} (run_id, ${COLUMNS})
         SELECT $1, ${COLUMNS} FROM economist.${table} WHERE run_id = $2 AND starts_with(part, $3)`,
        [runId, fromRunId, reportedDelivery(deliveryKey)],
      );
    }
  }
}
