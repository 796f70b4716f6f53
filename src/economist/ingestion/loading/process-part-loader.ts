import { stat } from 'node:fs/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { FilePart, RowsPart } from '../../sources/cost-source.js';
import type { ReadingLimits } from '../reading/limits.js';
import type { LoadProcesses } from './load-processes.js';
import { PartFeed } from './part-feed.js';
import type { LoadedPart, LoadWatch, PartLoader, PartToLoad } from './part-loader.js';
import { stagingTable } from './staging.js';
import type { LoadInput } from './process/messages.js';

/** Loads parts in processes of their own, each with its own connection. */
export class ProcessPartLoader implements PartLoader, OnApplicationShutdown {
  constructor(
    private readonly databaseUrl: string,
    private readonly limits: ReadingLimits,
    private readonly processes: LoadProcesses,
  ) {}

  load({ runId, key, part }: PartToLoad, watch: LoadWatch): Promise<LoadedPart> {
    return this.processes.use(watch.signal, async (process) => {
      const { input, feed } = part.kind === 'rows' ? rowsInput(part) : await fileInput(part);
      const table = stagingTable(runId, key);
      const job = { databaseUrl: this.databaseUrl, runId, key, table, input, limits: this.limits };
      return process.load(job, feed, watch);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.processes.stop();
  }
}

interface OpenedInput {
  readonly input: LoadInput;
  readonly feed: PartFeed;
}

const rowsInput = (part: RowsPart): OpenedInput => ({ input: { kind: 'rows' }, feed: new PartFeed(part) });

async function fileInput(part: FilePart): Promise<OpenedInput> {
  const { format, shape } = part;
  const opened = await part.open();
  if ('path' in opened) {
    const { path } = opened;
    const bytes = part.bytes ?? (await stat(path)).size;
    return { input: { kind: 'path', path, bytes, format, shape }, feed: new PartFeed(part) };
  }
  if (format === 'parquet') {
    opened.stream.destroy();
    throw new Error(`${part.name}: Parquet is read from its end; it must be a local file`);
  }
  return { input: { kind: 'stream', shape }, feed: new PartFeed(part, opened.stream) };
}
