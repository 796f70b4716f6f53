import { randomUUIDv7 } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { invalid, notFound } from '../../platform/errors/platform.errors.js';
import type { Clock, Instant } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import { BudgetMap } from '../budgets/budget-map.js';
import { newKeyBudget } from '../budgets/budgets.dto.js';
import { BudgetsService } from '../budgets/budgets.service.js';
import type { Key } from './key.entity.js';
import { KeyMap } from './key-map.js';
import { makeKeySecret } from './key-secret.js';
import type { KeySettings, NewKey } from './keys.dto.js';
import { KeysRepository } from './keys.repository.js';
import { OwnerMap } from './owners/owner-map.js';

/** Makes, changes, rotates and revokes virtual keys. */
@Injectable()
export class KeysService {
  constructor(
    @Inject(KeysRepository) private readonly keys: KeysRepository,
    @Inject(KeyMap) private readonly map: KeyMap,
    @Inject(OwnerMap) private readonly owners: OwnerMap,
    @Inject(BudgetsService) private readonly budgets: BudgetsService,
    @Inject(BudgetMap) private readonly budgetMap: BudgetMap,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns the key as it is stored, and the key itself, which nobody can read again */
  async create({ budget, ...settings }: NewKey): Promise<{ stored: Key; key: string }> {
    const now = this.clock.now();
    const { key, digest, prefix } = makeKeySecret();
    const fields = {
      id: randomUUIDv7(),
      digest,
      prefix,
      previousDigest: null,
      previousValidUntil: null,
      ...columnsOf(settings, now),
      createdAt: new Date(now),
      revokedAt: null,
    };
    const stored = await this.keys.insert(fields, async (manager) => {
      if (budget) await this.budgets.create(newKeyBudget(fields.id, budget), manager);
    });
    await this.refresh();
    return { stored, key };
  }

  async get(id: string): Promise<Key> {
    const key = await this.keys.find(id);
    if (!key) throw notFound(`Key '${id}'`);
    return key;
  }

  /** All but the secret, and what its budgets are. Calls that are running go on as they began. */
  async update(id: string, settings: KeySettings): Promise<Key> {
    const changed = await this.keys.update(id, columnsOf(settings, this.clock.now()));
    await this.refresh();
    return changed;
  }

  /**
   * A new secret; the one before is taken for a while, so that clients can change over. One from before that, whose
   * grace has not passed yet, ends now: a key has at most two.
   */
  async rotate(id: string, graceSeconds: number): Promise<{ key: string; prefix: string; previousValidUntil: Date }> {
    const { key, digest, prefix } = makeKeySecret();
    const previousValidUntil = new Date(this.clock.now() + graceSeconds * 1_000);
    await this.keys.change(id, (former) => ({
      digest,
      prefix,
      previousDigest: graceSeconds === 0 ? null : former.digest,
      previousValidUntil,
    }));
    await this.map.refresh();
    return { key, prefix, previousValidUntil };
  }

  /** Holds here at once, and on every other replica within a second. Calls that are running go on. */
  async revoke(id: string): Promise<void> {
    const revokedAt = new Date(this.clock.now());
    await this.keys.change(id, () => ({ revokedAt }));
    await this.map.refresh();
  }

  /** The key last: one that is known before its budgets, or before its place, would be held by nothing. */
  private async refresh(): Promise<void> {
    await this.budgetMap.refresh();
    await this.owners.refresh();
    await this.map.refresh();
  }
}

function columnsOf(settings: KeySettings, now: Instant) {
  const expiresAt = typeof settings.expires_at === 'string' ? new Date(settings.expires_at) : null;
  if (expiresAt !== null && expiresAt.getTime() <= now) throw invalid({ expires_at: 'It lies in the past.' });
  return {
    name: settings.name,
    orgId: settings.org_id ?? null,
    teamId: settings.team_id ?? null,
    agentId: settings.agent_id ?? null,
    userId: settings.user_id ?? null,
    allowedModels: settings.allowed_models ?? null,
    limits: settings.limits ?? null,
    clampOutput: settings.clamp_output,
    tags: settings.tags,
    expiresAt,
  };
}
