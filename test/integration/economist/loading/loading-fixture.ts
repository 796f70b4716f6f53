import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool, type QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { LoadProcesses } from '../../../../src/economist/ingestion/loading/load-processes.js';
import type { LoadedPart, LoadProgress } from '../../../../src/economist/ingestion/loading/part-loader.js';
import { ProcessPartLoader } from '../../../../src/economist/ingestion/loading/process-part-loader.js';
import { economist } from '../../../../src/economist/index.js';
import type { FilePart, Part } from '../../../../src/economist/sources/cost-source.js';
import type { RowShape } from '../../../../src/economist/sources/row-shape.js';
import { createDataSource } from '../../../../src/platform/database/data-source.js';
import { migrate } from '../../../../src/platform/database/migrator.js';
import { storagesOf } from '../../../../src/platform/database/storages.js';
import { sourceLoadProcess } from '../../../support/load-process.js';
import { createTestDatabase, type TestDatabase } from '../../../support/postgres.js';

export interface ReportedFault {
  readonly line: number;
  readonly column: string | null;
  readonly code: string;
}

export interface LoadOptions {
  readonly shape?: RowShape;
  readonly runId?: string;
  readonly key?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
}

export interface Loaded extends LoadedPart {
  readonly rejections: readonly ReportedFault[];
  readonly repairs: readonly ReportedFault[];
}

/** A loader with its processes, on a migrated database. */
export class LoadingFixture {
  #runs = 0;

  private constructor(
    private readonly database: TestDatabase,
    private readonly pool: Pool,
    private readonly loader: ProcessPartLoader,
    /** Goes with the fixture. */
    readonly folder: string,
  ) {}

  static async start(unpackedBytes = 1024 ** 3): Promise<LoadingFixture> {
    const database = await createTestDatabase();
    await migrate(database.url, storagesOf([economist]));
    const loader = new ProcessPartLoader(database.url, { unpackedBytes }, new LoadProcesses(sourceLoadProcess, 1));
    const folder = await mkdtemp(join(tmpdir(), 'oco-loading-'));
    return new LoadingFixture(database, new Pool({ connectionString: database.url, max: 2 }), loader, folder);
  }

  async stop(): Promise<void> {
    await this.loader.onApplicationShutdown();
    await this.pool.end();
    await this.database.drop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A part that stands in a file. */
  async file(content: string | Buffer, format: FilePart['format'] = 'csv', shape: RowShape = FOCUS): Promise<FilePart> {
    this.#runs += 1;
    const path = join(this.folder, `part-${this.#runs}`);
    await writeFile(path, content);
    return localFile(path, format, shape);
  }

  async loadCsv(content: string | Buffer, options: LoadOptions = {}): Promise<Loaded> {
    return this.load(await this.file(content, 'csv', options.shape), options);
  }

  async load(part: Part, options: LoadOptions = {}): Promise<Loaded> {
    this.#runs += 1;
    const { runId = `run-${this.#runs}`, key = part.name } = options;
    const { signal = new AbortController().signal, onProgress = () => undefined } = options;
    await this.pool.query(
      `INSERT INTO economist.runs (id, source_id, kind, status, request, created_at)
       VALUES ($1, 'test', 'import', 'running', '{}', now()) ON CONFLICT DO NOTHING`,
      [runId],
    );
    const loaded = await this.loader.load({ runId, key, part }, { signal, onProgress });
    return {
      ...loaded,
      rejections: await this.#faults('rejected_rows', runId),
      repairs: await this.#faults('repaired_rows', runId),
    };
  }

  async query<Row extends QueryResultRow>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(sql, [...parameters])).rows;
  }

  /** The values that some expression has in the staged rows, as text, in the order of the file's costs. */
  async values(loaded: LoadedPart, expression: string): Promise<(string | null)[]> {
    const rows = await this.query<{ value: string | null }>(
      `SELECT (${expression})::text AS value FROM ${loaded.table} ORDER BY billed_cost`,
    );
    return rows.map(({ value }) => value);
  }

  async value(loaded: LoadedPart, expression: string): Promise<string | null> {
    const rows = await this.query<{ value: string | null }>(
      `SELECT (${expression})::text AS value FROM ${loaded.table}`,
    );
    return rows[0]?.value ?? null;
  }

  /** As a context has it; to be destroyed. */
  async dataSource(): Promise<DataSource> {
    const { storage } = economist;
    if (storage === null || storage === undefined) throw new Error('Economist has a schema');
    return createDataSource({ url: this.database.url, name: 'test', storage }).initialize();
  }

  async stagedTables(): Promise<number> {
    const rows = await this.query<{ tables: number }>(
      `SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname = 'economist' AND tablename LIKE 'staged_%'`,
    );
    return rows[0]?.tables ?? -1;
  }

  async #faults(table: string, runId: string): Promise<ReportedFault[]> {
    return this.query<ReportedFault>(
      `SELECT line::int, column_name AS column, code FROM economist.${table} WHERE run_id = $1 ORDER BY line, code`,
      [runId],
    );
  }
}

export const FOCUS: RowShape = { kind: 'focus' };

export const localFile = (path: string, format: FilePart['format'], shape: RowShape = FOCUS): FilePart => ({
  kind: 'file',
  name: path,
  format,
  shape,
  bytes: null,
  open: async () => ({ path }),
});
