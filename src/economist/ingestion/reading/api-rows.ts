import { focusColumns } from '../../charges/focus-columns.js';
import type { FocusRow } from '../../sources/cost-source.js';
import type { RecordBatch } from './record-batch.js';
import type { Rows } from './rows.js';
import { TextRecords } from './text-records.js';

const names = Object.keys(focusColumns);

/** Stands for all own columns of a row, as one JSON object. */
export const OWN_COLUMNS = 'x_*';

/** Rows that a source asked of an API, in FOCUS terms. */
export class ApiRows implements Rows {
  readonly headings: readonly string[] = [...names, OWN_COLUMNS];
  readonly bytesRead = 0;
  readonly isLocalised = false;

  constructor(private readonly open: () => AsyncIterable<readonly FocusRow[]>) {}

  async *batches(): AsyncGenerator<RecordBatch> {
    const records = new TextRecords(this.headings.length);
    for await (const rows of this.open()) {
      for (const row of rows) {
        records.add(valuesOf(row));
        if (!records.isFull) continue;
        yield records.batch;
        records.clear();
      }
    }
    if (records.batch.records > 0) yield records.batch;
  }
}

function valuesOf(row: FocusRow): (string | null)[] {
  const values = new Map<string, string | null>();
  const own: [string, string][] = [];
  for (const [name, value] of Object.entries(row)) {
    if (!name.startsWith('x_')) values.set(name, value ?? null);
    else if (value !== null && value !== undefined) own.push([name, value.toWellFormed().replaceAll('\0', '')]);
  }
  const ownJson = own.length === 0 ? null : JSON.stringify(Object.fromEntries(own));
  return [...names.map((name) => values.get(name) ?? null), ownJson];
}
