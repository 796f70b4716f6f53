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
 * @returns the key, to be shown once; null where none had to be made
 */
export async function ensureFirstAdminKey(
  dataSource: DataSource,
  settings: Pick<Settings, 'adminKey'>,
  clock: Clock = systemClock,
): Promise<string | null> {
  if (settings.adminKey !== null) return null;
  const repository = new AccessKeysRepository(dataSource);
  return dataSource.transaction(async (manager) => {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    if (await repository.hasAdmin(clock.now(), manager)) return null;
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
    return key;
  });
}
