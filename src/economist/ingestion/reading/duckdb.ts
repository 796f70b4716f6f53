import { availableParallelism } from 'node:os';
import type { DuckDBConnection } from '@duckdb/node-api';

/** One core is left to those who serve calls meanwhile. */
const THREADS = Math.max(1, availableParallelism() - 1);
/** It lies outside of the heap, so nothing else bounds it. */
const MEMORY = '256MB';

export interface DuckDb {
  readonly connection: DuckDBConnection;
  close(): void;
}

/** A DuckDB that can open this one file, and nothing else on disk or in the network. */
export async function openDuckDb(path: string): Promise<DuckDb> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(THREADS),
    memory_limit: MEMORY,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  for (const setting of [
    `SET TimeZone = 'UTC'`,
    `SET allowed_paths = [${quoted(path)}]`,
    `SET temp_directory = ''`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ]) {
    await connection.run(setting);
  }
  return {
    connection,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A text literal of SQL, for statements that take no parameters. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
