import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { platformStorage } from '../../../migrations/platform/index.js';
import { ensureFirstAdminKey, hasAdminKey } from '../auth/first-admin-key.js';
import { ConfigurationError } from '../config/faults.js';
import type { Settings } from '../config/settings.js';
import type { Connections } from '../connections.js';
import { createDataSource } from '../database/data-source.js';
import { SecretStore } from '../secrets/secret-store.js';

/**
 * Makes sure that somebody can manage the installation, and nobody else: a first admin key where none is
 * known, and stored credentials sealed under the current master key.
 * @param show shows the admin key that is made now, this once
 * @throws {ConfigurationError} where the process would be open beyond this machine before anyone has a key
 */
export async function prepareAccess(
  connections: Connections,
  settings: Settings,
  log: Logger,
  show: (key: string) => void,
): Promise<void> {
  const dataSource = createDataSource({
    url: connections.databaseUrl,
    name: 'main',
    storage: platformStorage,
    poolSize: 2,
  });
  await dataSource.initialize();
  try {
    await refuseOpenHouse(dataSource, settings);
    await sealAgain(dataSource, connections, log);
    await ensureFirstAdminKey(dataSource, settings, show);
  } finally {
    await dataSource.destroy();
  }
}

/**
 * Before anything is started: an embedded database that is not there yet can hold no key.
 * @throws {ConfigurationError} as {@link prepareAccess} would, later
 */
export function refuseOpenNewHouse(settings: Settings): void {
  const isNew = settings.databaseUrl === null && !existsSync(join(settings.dataDir, 'postgres'));
  if (isNew && !settings.loopback && settings.adminKey === null) throw openHouse(settings);
}

async function refuseOpenHouse(dataSource: DataSource, settings: Settings): Promise<void> {
  if (settings.loopback || settings.adminKey !== null || (await hasAdminKey(dataSource))) return;
  throw openHouse(settings);
}

const openHouse = (settings: Settings): ConfigurationError =>
  new ConfigurationError([
    {
      variable: 'OCO_HOST',
      expected: 'a loopback address as long as there is no admin key (set OCO_ADMIN_KEY, or start on 127.0.0.1 first)',
      given: JSON.stringify(settings.host),
    },
  ]);

async function sealAgain(dataSource: DataSource, connections: Connections, log: Logger): Promise<void> {
  const { resealed, unreadable } = await new SecretStore(dataSource, connections).rotate();
  if (resealed > 0) log.info(`sealed ${resealed} stored credentials under the new OCO_MASTER_KEY`);
  if (unreadable > 0) {
    log.warn(
      `${unreadable} stored credentials cannot be opened: their key is in neither OCO_MASTER_KEY nor OCO_MASTER_KEY_PREVIOUS`,
    );
  }
}
