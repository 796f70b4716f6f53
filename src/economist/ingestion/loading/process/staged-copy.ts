import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams';

/** Of COPY's binary form: its signature, then no flags and no extension. */
const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const TRAILER = Buffer.from([0xff, 0xff]);

/** Copies rows into the staging table, at the pace at which PostgreSQL takes them. */
export class StagedCopy {
  #stream: CopyStreamQuery | null = null;
  /** Told to whoever writes next. */
  #failure: Error | null = null;

  constructor(
    private readonly client: Client,
    private readonly table: string,
    private readonly columns: readonly string[],
  ) {}

  /** Waits for the rows before these, so that rows are made while others travel; so two buffers are held at most. */
  async write(rows: Buffer): Promise<void> {
    const stream = (this.#stream ??= this.#begin());
    if (this.#failure === null && stream.writableNeedDrain) await once(stream, 'drain');
    if (this.#failure !== null) throw this.#failure;
    stream.write(rows);
  }

  /** Other statements can follow, and other rows after them. */
  async end(): Promise<void> {
    const stream = this.#stream;
    if (stream === null) return;
    if (this.#failure !== null) throw this.#failure;
    this.#stream = null;
    stream.end(TRAILER);
    await finished(stream);
  }

  #begin(): CopyStreamQuery {
    const copy = copyFrom(`COPY ${this.table} (${this.columns.join(', ')}) FROM STDIN (FORMAT binary)`);
    const stream = this.client.query(copy);
    stream.on('error', (error) => (this.#failure = error));
    stream.write(HEADER);
    return stream;
  }
}
