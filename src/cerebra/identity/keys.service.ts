import { randomUUIDv7 } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { invalid, notFound } from '../../platform/errors/platform.errors.js';
import type { Clock } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import { BudgetMap } from '../budgets/budget-map.js';
import { newKeyBudget } from '../budgets/budgets.dto.js';
import { BudgetsService } from '../budgets/budgets.service.js';
import type { Key } from './key.entity.js';
import { KeyMap } from './key-map.js';
import { makeKeySecret } from './key-secret.js';
import type { NewKey } from './keys.dto.js';
import { KeysRepository } from './keys.repository.js';

/** Makes and revokes virtual keys. */
@Injectable()
export class KeysService {
  constructor(
    @Inject(KeysRepository) private readonly keys: KeysRepository,
    @Inject(KeyMap) private readonly map: KeyMap,
    @Inject(BudgetsService) private readonly budgets: BudgetsService,
    @Inject(BudgetMap) private readonly budgetMap: BudgetMap,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns the key as it is stored, and the key itself, which nobody can read again */
  async create(request: NewKey): Promise<{ stored: Key; key: string }> {
    const now = this.clock.now();
    const expiresAt = typeof request.expires_at === 'string' ? new Date(request.expires_at) : null;
    if (expiresAt !== null && expiresAt.getTime() <= now) throw invalid({ expires_at: 'It lies in the past.' });
    const { key, digest, prefix } = makeKeySecret();
    const { budget } = request;
    const fields = {
      id: randomUUIDv7(),
      name: request.name,
      digest,
      prefix,
      orgId: request.org_id ?? null,
      teamId: request.team_id ?? null,
      agentId: request.agent_id ?? null,
      userId: request.user_id ?? null,
      allowedModels: request.allowed_models ?? null,
      limits: request.limits ?? null,
      clampOutput: request.clamp_output,
      tags: request.tags,
      createdAt: new Date(now),
      expiresAt,
      revokedAt: null,
    };
    const stored = await this.keys.insert(fields, async (manager) => {
      if (budget) await this.budgets.create(newKeyBudget(fields.id, budget), manager);
    });
    // The budget first: a key that is known before its budget would be held by nothing.
    await this.budgetMap.refresh();
    await this.map.refresh();
    return { stored, key };
  }

  async get(id: string): Promise<Key> {
    const key = await this.keys.find(id);
    if (!key) throw notFound(`Key '${id}'`);
    return key;
  }

  /** Holds here at once, and on every other replica within a second. Calls that are running go on. */
  async revoke(id: string): Promise<void> {
    await this.keys.revoke(id, new Date(this.clock.now()));
    await this.map.refresh();
  }
}
