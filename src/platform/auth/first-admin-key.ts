import { randomUUIDv7 } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Settings } from '../config/settings.js';
import { systemClock, type Clock } from '../time.js';
import { makeKey } from './access-key.js';
import { AccessKeysRepository } from './access-keys.repository.js';

/** Held while looking and making, so that two replicas that start at once make one key. The number means nothing. */
const LOCK = 4_716_030_019;

/** Whether somebody could manage this installation with a key from its database. */
export const hasAdminKey = (dataSource: DataSource, clock: Clock = systemClock): Promise<boolean> =>
  new AccessKeysRepository(dataSource).hasAdmin(clock.now());

/**
 * Makes an admin key where the environment gives none and the database has none that still works.
 * @param dataSource connected, and migrated
 * @param show shows the key to whoever started the process. Before it counts: one that was shown and then lost in a
 * crash is made again at the next start, one that counted and was never shown would lock everybody out.
 */
export async function ensureFirstAdminKey(
  dataSource: DataSource,
  settings: Pick<Settings, 'adminKey'>,
  show: (key: string) => void,
  clock: Clock = systemClock,
): Promise<void> {
  if (settings.adminKey !== null) return;
  const repository = new AccessKeysRepository(dataSource);
  await dataSource.transaction(async (manager) => {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    if (await repository.hasAdmin(clock.now(), manager)) return;
    const { key, prefix, digest } = makeKey('admin');
    const now = clock.now();
    const stored = {
      id: randomUUIDv7(),
      name: 'first-start',
      role: 'admin',
      modules: null,
      prefix,
      createdAt: now,
      createdBy: null,
      expiresAt: null,
    } as const;
    await repository.insert(stored, digest, manager);
    show(key);
  });
}
