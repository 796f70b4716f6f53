import { availableParallelism } from 'node:os';
import { Module } from '@nestjs/common';
import type { Connections } from '../../../platform/connections.js';
import { CONNECTIONS } from '../../../platform/tokens.js';
import type { ThreadEntry } from './load-thread-handle.js';
import { LoadThreads } from './load-threads.js';
import { PART_LOADER } from './part-loader.js';
import { ThreadedPartLoader } from './threaded-part-loader.js';

/** {@link ThreadEntry}: what the threads run that load parts. */
export const LOAD_THREAD_ENTRY = Symbol('LOAD_THREAD_ENTRY');

/** One core is left to those who serve calls meanwhile. */
const THREADS = Math.max(1, availableParallelism() - 1);

/** Reads what sources deliver, and stages it. */
@Module({
  providers: [
    {
      provide: LOAD_THREAD_ENTRY,
      useValue: { url: new URL('./thread/load-thread.js', import.meta.url) } satisfies ThreadEntry,
    },
    {
      provide: PART_LOADER,
      inject: [CONNECTIONS, LOAD_THREAD_ENTRY],
      useFactory: ({ databaseUrl }: Connections, entry: ThreadEntry) =>
        new ThreadedPartLoader(databaseUrl, { unpackedBytes: 64 * 1024 ** 3 }, new LoadThreads(entry, THREADS)),
    },
  ],
  exports: [PART_LOADER],
})
export class LoadingModule {}
