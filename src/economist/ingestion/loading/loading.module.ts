import { availableParallelism } from 'node:os';
import { Module } from '@nestjs/common';
import type { Connections } from '../../../platform/connections.js';
import { CONFIG, CONNECTIONS } from '../../../platform/tokens.js';
import type { LoadProcessEntry } from './load-process.js';
import type { EconomistConfig } from '../../economist.config.js';
import { LoadProcesses } from './load-processes.js';
import { PART_LOADER } from './part-loader.js';
import { ProcessPartLoader } from './process-part-loader.js';

/** {@link LoadProcessEntry}: what the processes run that load parts. */
export const LOAD_PROCESS_ENTRY = Symbol('LOAD_PROCESS_ENTRY');

/** One core is left to those who serve calls meanwhile. */
const PROCESSES = Math.max(1, availableParallelism() - 1);

/** Reads what sources deliver, and stages it. */
@Module({
  providers: [
    {
      provide: LOAD_PROCESS_ENTRY,
      useValue: { url: new URL('./process/main.js', import.meta.url), execArgv: [] } satisfies LoadProcessEntry,
    },
    {
      provide: PART_LOADER,
      inject: [CONNECTIONS, CONFIG, LOAD_PROCESS_ENTRY],
      useFactory: ({ databaseUrl }: Connections, { maxFileBytes }: EconomistConfig, entry: LoadProcessEntry) =>
        new ProcessPartLoader(databaseUrl, { unpackedBytes: maxFileBytes }, new LoadProcesses(entry, PROCESSES)),
    },
  ],
  exports: [PART_LOADER],
})
export class LoadingModule {}
