import type { Client } from 'pg';
import type { RowShape } from '../../../sources/row-shape.js';
import { CopyRows } from '../../normalise/copy-rows.js';
import { Normaliser } from '../../normalise/normaliser.js';
import { readDialect } from '../../normalise/read-dialect.js';
import type { Rows } from '../../reading/rows.js';
import { planFor } from '../../shapes/plan.js';
import { shapeOf } from '../../shapes/shapes.js';
import type { LoadedPart, LoadProgress } from '../part-loader.js';
import { SliceTally } from '../slice-tally.js';
import { createStagingTable } from '../staging.js';
import { StagedCopy } from './staged-copy.js';
import { StoredReports } from './stored-reports.js';

export interface LoadTarget {
  readonly runId: string;
  readonly key: string;
  /** Made anew. */
  readonly table: string;
}

/** The work of a load: reads, normalises and stages all rows, in one transaction on this connection. */
export async function loadRows(
  client: Client,
  rows: Rows,
  shape: RowShape,
  { runId, key, table }: LoadTarget,
  onProgress: (progress: LoadProgress) => void,
): Promise<LoadedPart> {
  const plan = planFor(shapeOf(shape), rows.headings);
  const dialect = await readDialect(rows, plan);
  await client.query('BEGIN');
  // An attempt that was given up may not know it yet: its end is waited for.
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [table]);
  await client.query(`DROP TABLE IF EXISTS ${table}`);
  await client.query(createStagingTable(table));
  const reports = await StoredReports.open(client, runId, key);
  const ready = new CopyRows();
  const slices = new SliceTally();
  const normaliser = new Normaliser(plan, dialect, ready, reports, (row, account, month) =>
    slices.add(row, account, month),
  );
  const copy = new StagedCopy(client, table, normaliser.columns);

  let read = 0;
  for await (const batch of rows.batches()) {
    for (let record = 0; record < batch.records; record += 1) {
      normaliser.take(batch, record);
      if (ready.isFull) await copy.write(ready.take());
      if (!reports.isFull) continue;
      await copy.end();
      await reports.write();
    }
    read += batch.records;
    onProgress({ rows: read, bytes: rows.bytesRead });
  }
  await copy.write(ready.take());
  await copy.end();
  await reports.write();
  await client.query('COMMIT');
  const { accepted, repaired, rejected } = normaliser;
  return { table, accepted, repaired, rejected, slices: slices.all() };
}
