import { randomUUIDv7 } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { conflict, invalid } from '../../platform/errors/platform.errors.js';
import { SecretStore } from '../../platform/secrets/secret-store.js';
import type { Clock } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import { ConfiguredSources } from './configured-sources.js';
import { ForgetCharges } from './forget-charges.job.js';
import type { SourceRow } from './source.entity.js';
import type { NewSource, SourceUpdate } from './sources.dto.js';
import { SourcesRepository } from './sources.repository.js';

const PURPOSE = 'economist.source';

/** Makes, changes and deletes sources. */
@Injectable()
export class SourcesService {
  constructor(
    @Inject(SourcesRepository) private readonly sources: SourcesRepository,
    @Inject(ConfiguredSources) private readonly configured: ConfiguredSources,
    @Inject(SecretStore) private readonly secrets: SecretStore,
    @Inject(ForgetCharges) private readonly forgetting: ForgetCharges,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws {AppError} 422 for what its type does not take, 409 where the name is taken */
  async create(given: NewSource): Promise<SourceRow> {
    const type = this.configured.typeOf(given.type);
    const settings = await this.configured.settings(type, given.settings);
    const sealing = given.credentials === null ? null : await this.configured.credentials(type, given.credentials);
    const now = new Date(this.clock.now());
    return this.sources.insert(given.name, async (manager) => ({
      id: randomUUIDv7(),
      name: given.name,
      type: given.type,
      settings,
      credentialsId: sealing === null ? null : await this.secrets.put(PURPOSE, sealing, manager),
      schedule: given.schedule,
      scheduledUntil: now,
      enabled: given.enabled,
      createdAt: now,
      updatedAt: now,
      lastSyncAt: null,
      deletedAt: null,
    }));
  }

  /** All but its type can be changed. @throws {AppError} 422, 404, 409 */
  async update(given: string, update: SourceUpdate): Promise<SourceRow> {
    const type = this.configured.typeOf(update.type);
    const settings = await this.configured.settings(type, update.settings);
    const { credentials } = update;
    const sealing = credentials ? await this.configured.credentials(type, credentials) : null;
    const now = new Date(this.clock.now());
    return this.sources.change(given, async (row, manager) => {
      if (row.type !== update.type) throw invalid({ type: `It is '${row.type}', and stays so: make another source.` });
      return {
        name: update.name,
        settings,
        credentialsId:
          credentials === undefined ? row.credentialsId : await this.reseal(row.credentialsId, sealing, manager),
        schedule: update.schedule,
        // Slots that lie before a change are not caught up on.
        scheduledUntil: now,
        enabled: update.enabled,
        updatedAt: now,
      };
    });
  }

  /**
   * @param charges what becomes of those that it has brought; undefined: it must have none
   * @throws {AppError} 409 where it has some, 404
   */
  async delete(given: string, charges: 'keep' | 'delete' | undefined): Promise<void> {
    const deleted = await this.sources.change(given, async (row, manager) => {
      if (charges === undefined && (await hasCharges(manager, row.id))) {
        throw conflict(
          `Source '${row.name}' has brought charges. Say what becomes of them: ?charges=keep leaves them in all ` +
            'reports, ?charges=delete removes them. To stop its syncs only, set enabled to false.',
        );
      }
      await cancelRuns(manager, row.id, this.clock);
      const credentialsId = await this.reseal(row.credentialsId, null, manager);
      return { deletedAt: new Date(this.clock.now()), credentialsId };
    });
    if (charges === 'delete') await this.forgetting.enqueue(deleted.id);
  }

  private async reseal(
    storedId: string | null,
    sealing: string | null,
    manager: EntityManager,
  ): Promise<string | null> {
    if (storedId !== null) await this.secrets.delete(storedId, manager);
    return sealing === null ? null : this.secrets.put(PURPOSE, sealing, manager);
  }
}

async function hasCharges(manager: EntityManager, sourceId: string): Promise<boolean> {
  const found: unknown[] = await manager.query('SELECT 1 FROM economist.slices WHERE source_id = $1 LIMIT 1', [
    sourceId,
  ]);
  return found.length > 0;
}

async function cancelRuns(manager: EntityManager, sourceId: string, clock: Clock): Promise<void> {
  await manager.query(
    `UPDATE economist.runs SET cancel_asked = true, revision = revision + 1,
       completed_at = CASE status WHEN 'queued' THEN $2::timestamptz END,
       status = CASE status WHEN 'queued' THEN 'cancelled' ELSE status END
     WHERE source_id = $1 AND status IN ('queued', 'running')`,
    [sourceId, new Date(clock.now())],
  );
}
