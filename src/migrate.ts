import { contexts as registry } from './contexts.js';
import { prepareDataDirectory } from './platform/config/data-directory.js';
import { readEnvironment } from './platform/config/environment.js';
import { loadConfiguration } from './platform/config/load.js';
import {
  MIGRATE_USAGE,
  parseMigrateCommand,
  runMigrateCommand,
  storagesFor,
} from './platform/database/migrate-command.js';
import { storagesOf } from './platform/database/storages.js';
import { createLogger } from './platform/logging/logger.js';
import { openDatabase } from './platform/supervisor/process-database.js';
import { exitOnFaults } from './platform/supervisor/shutdown.js';

/** sysexits.h: EX_USAGE. */
const EXIT_USAGE = 64;

// Leaving by an exit tells an embedded PostgreSQL to stop; what is half done is rolled back.
process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));

function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(EXIT_USAGE);
}

const command = parseMigrateCommand(process.argv.slice(2)) ?? refuse(MIGRATE_USAGE);
const { settings, contexts } = await loadConfiguration(readEnvironment(), registry).catch(exitOnFaults);
await prepareDataDirectory(settings, []).catch(exitOnFaults);
const known = storagesOf(contexts);
const storages =
  storagesFor(command, known) ??
  refuse(`'${command.context}' is none of those that are on: ${known.map(({ name }) => name).join(', ')}`);

try {
  const log = createLogger(settings, 'migrate');
  const database = await openDatabase(settings, new AbortController().signal, log);
  try {
    await runMigrateCommand(command, database.url, storages, (line) => process.stdout.write(`${line}\n`));
  } finally {
    await database.stop(settings.shutdownMs);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
