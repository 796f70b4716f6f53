import type { Client } from 'pg';
import type { Rejection, Repair } from '../../normalise/fault.js';
import type { Place, RowReports } from '../../normalise/row-reports.js';

/** Of each kind in one run. Those beyond are counted only: a file that is wrong in all its rows says so early. */
const MOST_STORED = 100_000;
/** Kept in memory before they are written. */
const BATCH = 2_000;

interface ReportedRow extends Place {
  readonly code: string;
  readonly reason: string;
  readonly value: string | null;
}

/** Rejected and repaired rows, on their way into the tables that users see. */
export class StoredReports implements RowReports {
  private constructor(
    private readonly client: Client,
    private readonly runId: string,
    private readonly key: string,
    private readonly rejected: ReportList,
    private readonly repaired: ReportList,
  ) {}

  /** Forgets what an earlier attempt had reported of the part. */
  static async open(client: Client, runId: string, key: string): Promise<StoredReports> {
    const lists = [];
    for (const table of ['rejected_rows', 'repaired_rows'] as const) {
      await client.query(`DELETE FROM economist.${table} WHERE run_id = $1 AND part = $2`, [runId, key]);
      const { rows } = await client.query<{ stored: number }>(
        `SELECT count(*)::int AS stored FROM economist.${table} WHERE run_id = $1`,
        [runId],
      );
      lists.push(new ReportList(table, MOST_STORED - (rows[0]?.stored ?? 0)));
    }
    const [rejected, repaired] = lists;
    if (rejected === undefined || repaired === undefined) throw new Error('two tables make two lists');
    return new StoredReports(client, runId, key, rejected, repaired);
  }

  /** Time to {@link write}. */
  get isFull(): boolean {
    return this.rejected.waiting.length >= BATCH || this.repaired.waiting.length >= BATCH;
  }

  reject({ line, heading }: Place, { code, reason }: Rejection, value: string | null): void {
    this.rejected.add({ line, heading, code, reason, value });
  }

  repair({ line, heading }: Place, { code, reason }: Repair, value: string | null): void {
    this.repaired.add({ line, heading, code, reason, value });
  }

  async write(): Promise<void> {
    for (const list of [this.rejected, this.repaired]) {
      const rows = list.waiting.splice(0);
      if (rows.length === 0) continue;
      await this.client.query(
        `INSERT INTO economist.${list.table} (run_id, part, line, column_name, code, reason, value)
         SELECT $1, $2, * FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[])`,
        [
          this.runId,
          this.key,
          rows.map((row) => row.line),
          rows.map((row) => withoutNul(row.heading)),
          rows.map((row) => row.code),
          rows.map((row) => row.reason),
          rows.map((row) => withoutNul(row.value)),
        ],
      );
    }
  }
}

class ReportList {
  readonly waiting: ReportedRow[] = [];

  constructor(
    readonly table: 'rejected_rows' | 'repaired_rows',
    private room: number,
  ) {}

  add(row: ReportedRow): void {
    if (this.room <= 0) return;
    this.room -= 1;
    this.waiting.push(row);
  }
}

/** PostgreSQL's text holds none. */
const withoutNul = (text: string | null): string | null => text?.replaceAll('\0', '') ?? null;
