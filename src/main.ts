import { contexts as registry } from './contexts.js';
import { prepareDataDirectory } from './platform/config/data-directory.js';
import { readEnvironment } from './platform/config/environment.js';
import { loadConfiguration } from './platform/config/load.js';
import { warnOfUnread } from './platform/config/unread.js';
import { migrate } from './platform/database/migrator.js';
import { storagesOf } from './platform/database/storages.js';
import { createLogger } from './platform/logging/logger.js';
import { loadMasterKeys } from './platform/secrets/master-keys.js';
import { printAdminKey, printBanner } from './platform/supervisor/banner.js';
import { warnOfLoneCounters } from './platform/supervisor/lone-process.js';
import { prepareAccess, refuseOpenNewHouse } from './platform/supervisor/prepare-access.js';
import { openDatabase } from './platform/supervisor/process-database.js';
import { exitOnFaults, Shutdown } from './platform/supervisor/shutdown.js';
import { supervise } from './platform/supervisor/supervise.js';

const { settings, contexts, unread } = await loadConfiguration(readEnvironment(), registry).catch(exitOnFaults);
await prepareDataDirectory(settings, contexts).catch(exitOnFaults);
const log = createLogger(settings, 'main');
warnOfUnread(unread, log);
const shutdown = new Shutdown(settings.shutdownMs, log);

refuseOpenNewHouse(settings);
const database = await shutdown.own('the database', openDatabase(settings, shutdown.signal, log));
await migrate(database.url, storagesOf(contexts), (line) => log.info(line));
const connections = {
  databaseUrl: database.url,
  databaseEmbedded: database.embedded,
  redisUrl: settings.redisUrl,
  masterKeys: await loadMasterKeys(settings, database.embedded),
};
warnOfLoneCounters(connections, log);
await prepareAccess(connections, settings, log, printAdminKey);

const thread = new URL('./thread.js', import.meta.url);
const supervisor = await shutdown.own('the contexts', supervise(contexts, settings, connections, thread, log));
await supervisor.start();
printBanner(contexts, settings, supervisor.ready);

shutdown.fail(new Error(await supervisor.surrender));
