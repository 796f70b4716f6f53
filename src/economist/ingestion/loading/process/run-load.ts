import { Client } from 'pg';
import { ApiRows } from '../../reading/api-rows.js';
import { CsvRows } from '../../reading/csv-rows.js';
import { readLocalFile, UnpackedFile } from '../../reading/file-bytes.js';
import type { Rows } from '../../reading/rows.js';
import type { LoadedPart, LoadProgress } from '../part-loader.js';
import { loadRows } from './load-rows.js';
import type { LoadJob } from './messages.js';
import type { RemoteInput } from './remote-input.js';

const CONNECT_MS = 5_000;
const PROGRESS_EVERY_MS = 250;

/** One load from beginning to end, on a connection of its own. */
export async function runLoad(
  job: LoadJob,
  remote: RemoteInput,
  onProgress: (progress: LoadProgress) => void,
): Promise<LoadedPart> {
  const client = new Client({
    connectionString: job.databaseUrl,
    application_name: 'open-cloud-ops economist load',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  });
  // A connection that breaks shows at the next statement.
  client.on('error', () => undefined);
  const opened = await openRows(job, remote);
  try {
    await client.connect();
    const shape = job.input.kind === 'rows' ? ({ kind: 'focus' } as const) : job.input.shape;
    return await loadRows(client, opened.rows, shape, job, atMostEvery(PROGRESS_EVERY_MS, onProgress));
  } finally {
    opened.close();
    await client.end().catch(() => undefined);
  }
}

interface OpenedRows {
  readonly rows: Rows;
  close(): void;
}

async function openRows({ input, limits }: LoadJob, remote: RemoteInput): Promise<OpenedRows> {
  const close = (): void => undefined;
  switch (input.kind) {
    case 'rows':
      return { rows: new ApiRows(() => remote.rows()), close };
    case 'stream':
      return { rows: await CsvRows.open(new UnpackedFile(() => remote.chunks(), limits)), close };
    case 'path': {
      const { path, bytes, format } = input;
      if (format === 'csv') {
        return { rows: await CsvRows.open(new UnpackedFile(() => readLocalFile(path), limits)), close };
      }
      // DuckDB is loaded where it is needed, and nowhere else.
      const { ParquetRows } = await import('../../reading/parquet-rows.js');
      const rows = await ParquetRows.open(path, bytes);
      return { rows, close: () => rows.close() };
    }
    default:
      return input satisfies never;
  }
}

function atMostEvery(milliseconds: number, tell: (progress: LoadProgress) => void): (progress: LoadProgress) => void {
  let last = 0;
  return (progress) => {
    const now = Date.now();
    if (now - last < milliseconds) return;
    last = now;
    tell(progress);
  };
}
