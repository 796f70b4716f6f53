import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { AppError } from '../../../platform/errors/app-error.js';
import { economistErrors } from '../../economist.errors.js';
import { openDuckDb, quoted, type DuckDb } from './duckdb.js';
import { MOST_COLUMNS } from './limits.js';
import type { RecordBatch } from './record-batch.js';
import type { Rows } from './rows.js';
import { TextRecords } from './text-records.js';

interface ParquetColumn {
  readonly name: string;
  readonly type: string;
}

/** The rows of a Parquet file, which DuckDB reads. */
export class ParquetRows implements Rows {
  readonly isLocalised = false;
  readonly headings: readonly string[];
  #bytesRead = 0;

  private constructor(
    private readonly duckDb: DuckDb,
    private readonly file: { readonly path: string; readonly bytes: number },
    private readonly columns: readonly ParquetColumn[],
    private readonly rowCount: number,
  ) {
    this.headings = columns.map(({ name }) => name);
  }

  static async open(path: string, bytes: number): Promise<ParquetRows> {
    const duckDb = await openDuckDb(path);
    const { connection } = duckDb;
    try {
      const columns = await describe(connection, path);
      if (columns.length > MOST_COLUMNS) {
        throw new AppError(economistErrors.fileOutOfBounds, `The file has more than ${MOST_COLUMNS} columns.`);
      }
      const counted = await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM ${table(path)}`);
      const rowCount = Number(counted.getRowsJson()[0]?.[0] ?? 0);
      return new ParquetRows(duckDb, { path, bytes }, columns, rowCount);
    } catch (error) {
      duckDb.close();
      throw unreadable(error, path);
    }
  }

  /** As far as can be told: by the share of the rows. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  async *batches(): AsyncGenerator<RecordBatch> {
    const records = new TextRecords(this.columns.length);
    let read = 0;
    for await (const chunk of this.#chunks()) {
      for (const row of chunk.getRows()) {
        records.add(row.map((value) => (typeof value === 'string' ? value : null)));
        if (!records.isFull) continue;
        yield records.batch;
        records.clear();
      }
      read += chunk.rowCount;
      this.#bytesRead = this.rowCount === 0 ? 0 : Math.floor((this.file.bytes * read) / this.rowCount);
    }
    if (records.batch.records > 0) yield records.batch;
  }

  close(): void {
    this.duckDb.close();
  }

  async *#chunks(): AsyncGenerator<DuckDBDataChunk> {
    const { path } = this.file;
    try {
      const selected = `SELECT ${this.columns.map(asText).join(', ')} FROM ${table(path)}`;
      const result = await this.duckDb.connection.stream(selected);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return;
        yield chunk;
      }
    } catch (error) {
      throw unreadable(error, path);
    }
  }
}

async function describe(connection: DuckDBConnection, path: string): Promise<ParquetColumn[]> {
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${table(path)}`);
  return described.getRowsJson().map(([name, type]) => {
    if (typeof name !== 'string' || typeof type !== 'string') throw new TypeError('DESCRIBE names columns and types');
    return { name, type };
  });
}

const table = (path: string): string => `read_parquet(${quoted(path)})`;

/**
 * A column as the text that the same value has in a CSV file. A double that came from a printed amount gets back its
 * shortest text, which is that amount; one that is whole, such as an account's number, loses no digit and gains no `.0`.
 */
function asText({ name, type }: ParquetColumn): string {
  const column = `"${name.replaceAll('"', '""')}"`;
  const text = `CAST(${column} AS VARCHAR)`;
  switch (true) {
    case type === 'DOUBLE' || type === 'FLOAT':
      return `CASE WHEN ${column} = trunc(${column}) AND abs(${column}) < 9007199254740992 THEN CAST(CAST(${column} AS BIGINT) AS VARCHAR) ELSE ${text} END`;
    case type.startsWith('TIMESTAMP') && !type.endsWith('WITH TIME ZONE'):
      return `${text} || 'Z'`;
    case type.startsWith('MAP') || type.startsWith('STRUCT') || type.endsWith('[]'):
      return `CAST(to_json(${column}) AS VARCHAR)`;
    default:
      return text;
  }
}

function unreadable(error: unknown, path: string): unknown {
  if (error instanceof AppError) return error;
  const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown';
  return new AppError(
    economistErrors.fileUnreadable,
    `The file cannot be read as Parquet (${detail.replaceAll(path, 'it')}). Check that it is whole and in that format.`,
    {},
    { cause: error },
  );
}
