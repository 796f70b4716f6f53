import type { Logger } from 'pino';
import type { Settings } from '../config/settings.js';
import { EmbeddedDatabase } from './embedded-database.js';
import { waitForDatabase } from './external-database.js';
import type { Part } from './shutdown.js';

/** The PostgreSQL that the process runs on. */
export interface ProcessDatabase extends Part {
  readonly url: string;
  /** True: it is ours alone, and ends with the process. */
  readonly embedded: boolean;
}

/** @returns when it accepts connections: the configured one, or one of our own where none is configured */
export async function openDatabase(settings: Settings, signal: AbortSignal, log: Logger): Promise<ProcessDatabase> {
  if (settings.databaseUrl === null) return EmbeddedDatabase.start(settings.dataDir, log);
  await waitForDatabase(settings.databaseUrl, signal, log);
  return { url: settings.databaseUrl, embedded: false, stop: async () => {} };
}
